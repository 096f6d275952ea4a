from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import List

import pytest
from runledger.spool import Spool, SpoolLimits, default_folder


def lines_in(spool: Spool) -> List[bytes]:
    lines: List[bytes] = []
    while True:
        claimed = spool.claim()
        if claimed is None:
            return lines
        lines += claimed.lines
        spool.sent(claimed)


def test_what_is_written_is_claimed_once_the_oldest_first(tmp_path: Path) -> None:
    now = [1_000_000_000.0]
    spool, other = (Spool(str(tmp_path), "here", now_s=lambda: now[0]) for _ in range(2))
    spool.write([b"1\n"])
    now[0] += 1
    other.write([b"2\n", b"3\n"])

    first, second = spool.claim(), other.claim()
    assert first is not None and second is not None
    assert (first.lines, second.lines) == ([b"1\n"], [b"2\n", b"3\n"])
    assert spool.claim() is None

    other.give_back(second)
    assert lines_in(spool) == [b"2\n", b"3\n"]


def test_small_files_are_claimed_together_up_to_a_size(tmp_path: Path) -> None:
    now = [1_000_000_000.0]
    spool = Spool(str(tmp_path), "here", now_s=lambda: now[0])
    for number in range(5):
        now[0] += 1
        spool.write([f"{number}".encode() * 9 + b"\n"])

    first = spool.claim(25)
    assert first is not None
    assert [line[:1] for line in first.lines] == [b"0", b"1"]
    rest = spool.claim(1_000)
    assert rest is not None
    assert [line[:1] for line in rest.lines] == [b"2", b"3", b"4"]

    spool.give_back(first)
    assert [line[:1] for line in lines_in(spool)] == [b"0", b"1"]


def test_after_days_without_a_ledger_a_write_does_not_list_all_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000_000_000.0]
    spool = Spool(str(tmp_path), "here", now_s=lambda: now[0])
    listed: List[str] = []
    listdir = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: (listed.append(path), listdir(path))[1])
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    for _ in range(120):
        now[0] += 1
        spool.write([b"1\n"])
    # A thread of another test may list its own.
    assert listed.count(spool.folder) == 2

    assert len(lines_in(spool)) == 120
    assert listed.count(spool.folder) < 8


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "x"), "here")
    spool.write([b"1\n"])
    (file,) = Path(spool.folder).iterdir()

    assert file.stat().st_mode & 0o077 == 0
    assert Path(spool.folder).stat().st_mode & 0o077 == 0


def test_the_oldest_is_deleted_when_there_is_too_much(tmp_path: Path) -> None:
    now = [1_000_000_000.0]
    spool = Spool(str(tmp_path), "here", SpoolLimits(bytes=250), now_s=lambda: now[0])
    deleted = []
    for number in range(4):
        now[0] += 1
        deleted.append(spool.write([bytes([65 + number]) * 99 + b"\n"]))

    assert deleted == [0, 0, 1, 1]
    assert [line[:1] for line in lines_in(spool)] == [b"C", b"D"]


def test_what_is_too_old_is_deleted(tmp_path: Path) -> None:
    now = [1_000_000_000.0]
    spool = Spool(str(tmp_path), "here", SpoolLimits(age_s=60), now_s=lambda: now[0])
    spool.write([b"1\n", b"2\n"])
    now[0] += 61

    assert spool.write([b"3\n"]) == 2
    assert lines_in(spool) == [b"3\n"]


def test_what_a_process_left_half_sent_or_half_written_is_taken_up_after_a_while(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path), "here")
    spool.write([b"1\n"])
    assert spool.claim() is not None
    half_written = Path(spool.folder) / ".1000000000000-0123456789abcdef-2-15.ndjson.tmp"
    half_written.write_bytes(b'{"whole":1}\n{"ha')
    assert spool.claim() is None

    for file in Path(spool.folder).iterdir():
        os.utime(file, (1_000_000_000, 1_000_000_000))
    assert sorted(lines_in(spool)) == [b"1\n", b'{"whole":1}\n']
    assert list(Path(spool.folder).iterdir()) == []


def test_a_disk_that_is_full_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(str(tmp_path), "here")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        spool.write([b"1\n"])
    assert list(Path(spool.folder).iterdir()) == []


def test_many_threads_lose_and_double_nothing(tmp_path: Path) -> None:
    spools = [Spool(str(tmp_path), "here") for _ in range(8)]
    sent: List[bytes] = []

    def work(number: int) -> None:
        for at in range(25):
            spools[number].write([f"{number}-{at}\n".encode()])
            if at % 5 == 4:
                sent.extend(lines_in(spools[number]))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent.extend(lines_in(spools[0]))

    assert sorted(sent) == sorted(f"{number}-{at}\n".encode() for number in range(8) for at in range(25))


_WRITER = """
import sys
from runledger.spool import Spool
spool = Spool(sys.argv[1], "here")
for number in range(5):
    spool.write([f"{sys.argv[2]}-{number}\\n".encode()])
"""


def test_two_hundred_processes_may_write_at_once(tmp_path: Path) -> None:
    # Forked from a few: starting an interpreter two hundred times would test the machine.
    script = "import os, sys, runledger.spool\n" + (
        "for one in range(20):\n"
        "    if os.fork() == 0:\n"
        "        sys.argv[2] = f'{sys.argv[2]}-{one}'\n"
        f"        exec({_WRITER!r})\n"
        "        os._exit(0)\n"
        "for one in range(20):\n"
        "    assert os.wait()[1] == 0\n"
    )
    arguments = [sys.executable, "-c", script, str(tmp_path)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    processes = [subprocess.Popen([*arguments, str(number)], env=env) for number in range(10)]
    assert [process.wait() for process in processes] == [0] * 10

    lines = lines_in(Spool(str(tmp_path), "here"))
    assert len(lines) == len(set(lines)) == 1_000


def test_where_there_is_no_home_the_temporary_folder_serves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert default_folder() == str(tmp_path / "state" / "runledger" / "spool")

    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "runledger-spool-" in default_folder()
