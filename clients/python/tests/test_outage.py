"""Ten minutes without a ledger, on a clock that the test moves: `bench/outage.py` is the same on a real one."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any, List, Optional, Sequence, Set

import pytest
from runledger import Ledger, RecordingTransport, TransportError
from runledger.spool import Spool
from vectors import FakeRuntime

SECONDS, PER_SECOND = 600, 20


@pytest.fixture
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


class Gone(RecordingTransport):
    """Takes nothing until the clock says so."""

    def __init__(self, runtime: FakeRuntime, back_ms: float) -> None:
        super().__init__()
        self.runtime = runtime
        self.back_ms = back_ms
        self.tries = 0

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        if self.runtime.elapsed() < self.back_ms:
            self.tries += 1
            raise TransportError("away", retryable=True)
        return super().send(records, timeout_s)

    def numbers(self) -> Set[int]:
        return {event["producer"]["seq"] for event in self.events}


def ten_minutes(transport: Gone, runtime: FakeRuntime, folder: Path, **env: str) -> Ledger:
    ledger = Ledger(
        runtime=runtime,
        env={"RUNLEDGER_SPOOL": str(folder), **env},
        transports=[transport],
        spool=folder,
        context=False,
        heartbeats=False,
        on_error=lambda _: None,
    )
    run = ledger.start_run("orders")
    for second in range(SECONDS):
        for number in range(PER_SECOND):
            run.checkpoint("offset of the topic orders", {"offset": second * PER_SECOND + number})
        runtime.advance(1_000)
        assert ledger.flush()
        assert ledger.stats().pending == 0
    return ledger


@pytest.mark.usefixtures("_quick_disk")
def test_nothing_is_lost_in_ten_minutes_without_a_ledger(tmp_path: Path) -> None:
    runtime = FakeRuntime()
    transport = Gone(runtime, runtime.elapsed() + SECONDS * 1_000 + 1)
    ledger = ten_minutes(transport, runtime, tmp_path)
    assert ledger.stats().spooled == SECONDS * PER_SECOND + 1
    # With growing pauses, the longest of 30 s: as often as is useful, and no more.
    assert SECONDS / 30 <= transport.tries <= SECONDS / 10

    runtime.advance(30_000)
    ledger.close(60)
    assert transport.numbers() == set(range(1, ledger.stats().emitted + 1))
    assert ledger.stats().dropped == 0
    assert list(tmp_path.rglob("*.ndjson*")) == []
    # Not a call for each second.
    assert len(transport.calls) < 10


@pytest.mark.usefixtures("_quick_disk")
def test_what_the_spool_has_no_room_for_is_counted_and_told(tmp_path: Path) -> None:
    bound = 1_000_000
    runtime = FakeRuntime()
    transport = Gone(runtime, runtime.elapsed() + SECONDS * 1_000 + 1)
    ledger = ten_minutes(transport, runtime, tmp_path, RUNLEDGER_SPOOL_BYTES=str(bound))
    on_disk = sum(file.stat().st_size for file in tmp_path.rglob("*.ndjson"))
    assert 0.9 * bound < on_disk < 1.05 * bound

    runtime.advance(30_000)
    ledger.close(60)
    dropped = ledger.stats().dropped
    (told,) = transport.of_type("METRIC")
    assert dropped > 1_000
    assert told["metrics"]["runledger.events_dropped"] == dropped
    assert len(transport.numbers()) + dropped == ledger.stats().emitted


def test_a_disk_that_hangs_does_not_hold_the_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_writing, go_on = threading.Event(), threading.Event()
    write = Spool.write

    def slowly(spool: Spool, lines: Sequence[bytes]) -> int:
        is_writing.set()
        assert go_on.wait(20)
        return write(spool, lines)

    monkeypatch.setattr(Spool, "write", slowly)
    problems: List[Any] = []
    transport = Gone(FakeRuntime(), float("inf"))
    ledger = Ledger(transports=[transport], spool=tmp_path, context=False, flush_interval_ms=1, on_error=problems.append)
    run = ledger.start_run("orders")
    assert is_writing.wait(20)
    # Returns while the disk hangs: else it would wait for its own `go_on` below.
    for number in range(100):
        run.checkpoint(str(number))
    assert ledger.stats().pending == 101

    go_on.set()
    assert ledger.flush(20)
    assert ledger.stats().spooled == 101, problems
