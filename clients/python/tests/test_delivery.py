"""What is sent arrives; what cannot be sent is kept or counted, and the job never waits for it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, List, Optional, Sequence

import pytest
from jobs import run_job
from runledger import Ledger, RecordingTransport, TransportError
from runledger.spool import Spool
from vectors import FakeRuntime


class Away(RecordingTransport):
    """Refuses until it is `back`."""

    def __init__(self, error: Optional[Exception] = None) -> None:
        super().__init__()
        self.error: Optional[Exception] = error or TransportError("away", retryable=True)
        self.tries = 0
        self.received = threading.Condition()

    def back(self) -> None:
        self.error = None

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        self.tries += 1
        if self.error:
            raise self.error
        with self.received:
            taken = super().send(records, timeout_s)
            self.received.notify_all()
        return taken

    def wait_for(self, count: int) -> None:
        with self.received:
            assert self.received.wait_for(lambda: len(self.lines) >= count, 20)


class Hanging(RecordingTransport):
    """Answers when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.is_called = threading.Event()
        self.let_go = threading.Event()

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        self.is_called.set()
        self.let_go.wait(20)
        return super().send(records, timeout_s)


def a_ledger(transport: Any, problems: Optional[List[Exception]] = None, **options: Any) -> Ledger:
    kept = [] if problems is None else problems
    defaults = {"context": False, "heartbeats": False, "flush_interval_ms": 5, "on_error": kept.append}
    return Ledger(transports=[transport], **{**defaults, **options})


def a_run(ledger: Ledger, name: str = "orders") -> None:
    with ledger.run(name):
        pass


def spooled(folder: Path) -> List[Path]:
    """Also those that are being sent just now."""
    return sorted(folder.rglob("*.ndjson*"))


def spooled_bytes(folder: Path) -> List[bytes]:
    """What each file holds. One that is taken to be sent, or put back, just now has another name: it is looked for again."""
    while True:
        try:
            return [file.read_bytes() for file in spooled(folder)]
        except FileNotFoundError:
            continue


def test_events_travel_together() -> None:
    transport = RecordingTransport()
    ledger = a_ledger(transport, flush_interval_ms=60_000)
    run = ledger.start_run("orders")
    for number in range(500):
        run.checkpoint(str(number))
    ledger.flush()

    assert len(transport.calls) == 1
    assert len(transport.calls[0]) == 1
    assert len(transport.lines) == 501


def test_events_are_sent_by_themselves_after_an_interval() -> None:
    transport = Away()
    transport.back()
    ledger = a_ledger(transport)
    run = ledger.start_run("orders")
    transport.wait_for(1)
    run.checkpoint("later")

    transport.wait_for(2)


def test_a_full_record_is_sent_at_once() -> None:
    transport = Away()
    transport.back()
    ledger = a_ledger(transport, flush_interval_ms=60_000)
    run = ledger.start_run("orders")
    for _ in range(2_000):
        run.checkpoint("x " * 400)

    transport.wait_for(1_500)
    # What does not fill a record waits for more.
    assert min(len(record) for call in transport.calls for record in call) > 1_000_000


def test_what_cannot_be_sent_waits_in_the_spool_and_is_sent_when_that_works(tmp_path: Path) -> None:
    transport = Away()
    ledger = a_ledger(transport, spool=tmp_path)
    a_run(ledger)
    assert ledger.flush()
    assert (ledger.stats().spooled, ledger.stats().pending) == (2, 0)
    assert spooled(tmp_path)

    transport.back()
    transport.wait_for(2)
    ledger.close()
    assert transport.in_short() == ["RUN_START RUNNING", "RUN_END SUCCESS"]
    assert spooled(tmp_path) == []


def test_the_next_process_sends_what_the_last_one_could_not(tmp_path: Path) -> None:
    first = a_ledger(Away(), spool=tmp_path)
    a_run(first, "first")
    first.close()
    assert spooled(tmp_path)

    transport = RecordingTransport()
    second = a_ledger(transport, spool=tmp_path)
    a_run(second, "second")
    second.close()

    assert sorted(event["process_name"] for event in transport.events) == ["first", "first", "second", "second"]
    assert spooled(tmp_path) == []


def test_a_file_that_is_more_than_one_call_holds_is_sent_whole(tmp_path: Path) -> None:
    lines = [b'{"number":%d,"text":"%s"}\n' % (number, b"x" * 900_000) for number in range(7)]
    Spool(str(tmp_path), "recording").write(lines)
    transport = RecordingTransport()
    ledger = a_ledger(transport, spool=tmp_path)
    ledger.send_spooled(20)

    assert [event["number"] for event in transport.events] == list(range(7))
    assert (len(transport.calls), spooled(tmp_path)) == (2, [])


def test_what_waits_for_one_ledger_is_not_sent_to_another(tmp_path: Path) -> None:
    class Other(RecordingTransport):
        name = "another"

    first = a_ledger(Away(), spool=tmp_path)
    a_run(first)
    first.close()
    other = Other()
    second = a_ledger(other, spool=tmp_path)
    a_run(second, "second")
    second.close()

    assert {event["process_name"] for event in other.events} == {"second"}
    assert spooled(tmp_path)


def test_without_a_spool_the_newest_wait_in_memory_and_the_rest_is_counted_and_told() -> None:
    transport = Away()
    problems: List[Exception] = []
    ledger = a_ledger(transport, problems, spool=False, max_buffer_events=10)
    run = ledger.start_run("orders")
    for number in range(50):
        run.checkpoint(str(number))
    ledger.flush()
    assert ledger.stats().dropped >= 40
    assert ledger.stats().pending <= 10
    assert sum("dropped" in str(problem) for problem in problems) == 1

    transport.back()
    transport.wait_for(10)
    ledger.flush()
    (told,) = transport.of_type("METRIC")
    assert told["metrics"]["runledger.events_dropped"] == ledger.stats().dropped
    assert transport.events[-2]["message"] == "49"


def test_what_is_refused_for_good_is_dropped_and_said() -> None:
    problems: List[Exception] = []
    transport = Away(TransportError("401: who are you?", retryable=False))
    ledger = a_ledger(transport, problems)
    for _ in range(3):
        a_run(ledger)
    ledger.close()

    assert ledger.stats().dropped == 6
    assert "401" in str(problems[0])


def test_of_a_call_only_the_record_that_was_not_taken_is_kept(tmp_path: Path) -> None:
    class Partly(Hanging):
        def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
            if self.calls and len(self.calls[-1]) == 3:
                raise TransportError("still away", retryable=True)
            super().send(records, timeout_s)
            if len(records) == 3:
                raise TransportError("one failed", retryable=True, unsent=[1])
            return None

    transport = Partly()
    ledger = a_ledger(transport, spool=tmp_path)
    run = ledger.start_run("orders")
    transport.is_called.wait(20)
    for number in range(3):
        run.checkpoint(str(number) * 600_000)
    transport.let_go.set()
    ledger.flush()

    (held,) = spooled_bytes(tmp_path)
    assert b'"message":"111' in held
    assert (ledger.stats().sent, ledger.stats().spooled) == (3, 1)


def test_a_ledger_that_hangs_is_waited_for_once_and_no_longer_than_told(tmp_path: Path) -> None:
    transport = Hanging()
    ledger = a_ledger(transport, spool=tmp_path)
    run = ledger.start_run("orders")
    transport.is_called.wait(20)
    run.checkpoint("while it hangs")
    assert ledger.flush(timeout_s=0.05) is False
    a_run(ledger, "second")
    ledger.close(timeout_s=0.05)

    assert not transport.let_go.is_set()
    assert ledger.stats().pending == 0
    assert sum(held.count(b"\n") for held in spooled_bytes(tmp_path)) == 4
    transport.let_go.set()


def test_more_than_memory_holds_goes_to_the_spool_while_a_call_hangs(tmp_path: Path) -> None:
    transport = Hanging()
    ledger = a_ledger(transport, spool=tmp_path, max_buffer_bytes=200_000)
    run = ledger.start_run("orders")
    transport.is_called.wait(20)
    for number in range(2_000):
        run.checkpoint(str(number))
    stats = ledger.stats()
    transport.let_go.set()

    assert stats.dropped == 0
    assert stats.spooled > 1_000
    assert stats.emitted == stats.sent + stats.spooled + stats.dropped + stats.pending


def test_a_spool_that_cannot_be_written_costs_no_more_than_its_events(tmp_path: Path) -> None:
    blocked = tmp_path / "a file, no folder"
    blocked.write_text("")
    problems: List[Exception] = []
    ledger = a_ledger(Away(), problems, spool=blocked, max_buffer_events=5)
    run = ledger.start_run("orders")
    for number in range(20):
        run.checkpoint(str(number))
    ledger.close(timeout_s=1)

    assert ledger.stats().dropped == 21
    assert any(isinstance(problem, OSError) for problem in problems)


_FULL = """
import resource, signal, runledger
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300, resource.RLIM_INFINITY))
with runledger.run("orders", context=False) as run:
    for number in range(100):
        run.checkpoint("x" * 100)
print("worked", flush=True)
stats = runledger.stats()
print(stats.emitted == stats.spooled + stats.dropped + stats.pending, stats.spooled)
"""


@pytest.mark.parametrize("spool", ["", "/proc/nowhere"])
def test_a_disk_that_is_full_or_read_only_costs_no_more_than_its_events(tmp_path: Path, spool: str) -> None:
    """The first file that is written exceeds what the system allows: a real error of a real disk, for root too."""
    place = {"RUNLEDGER_SPOOL": spool} if spool else {}
    ended = run_job(tmp_path, _FULL, RUNLEDGER_FILE="", RUNLEDGER_URL="http://127.0.0.1:9", **place)

    assert (ended.code, ended.out) == (0, "worked\nTrue 0\n"), ended
    assert ended.err.count("\n") == 1
    assert spooled(tmp_path) == []


@pytest.mark.parametrize("step_ms", [-86_400_000 * 400, -3_600_000, 3_600_000])
def test_a_clock_that_is_set_changes_no_duration_no_order_and_no_pace(tmp_path: Path, step_ms: float) -> None:
    runtime = FakeRuntime()
    transport = Away()
    ledger = Ledger(
        transports=[transport], runtime=runtime, spool=tmp_path, context=False, heartbeats=False, on_error=lambda _: None
    )
    run = ledger.start_run("orders")
    runtime.advance(500)
    ledger.flush()
    runtime.set_clock(step_ms)
    runtime.advance(1_500)
    run.end()
    transport.back()
    runtime.advance(60_000)
    ledger.flush()
    ledger.close()

    start, end = sorted(transport.events, key=lambda event: int(event["producer"]["seq"]))
    assert end["duration_ms"] == 2_000
    assert start["event_id"] < end["event_id"]
    assert ledger.stats().dropped == 0


def test_several_transports_each_get_everything(tmp_path: Path) -> None:
    good, away = RecordingTransport(), Away()
    ledger = Ledger(transports=[good, away], on_error=lambda _: None, context=False, spool=tmp_path)
    a_run(ledger)
    ledger.close()

    assert good.in_short() == ["RUN_START RUNNING", "RUN_END SUCCESS"]
    assert (ledger.stats().sent, ledger.stats().spooled) == (2, 2)


def test_what_comes_after_the_end_is_counted() -> None:
    ledger = a_ledger(RecordingTransport())
    ledger.close()
    a_run(ledger)

    assert ledger.stats().dropped == 2


def test_rejected_events_are_said() -> None:
    problems: List[Exception] = []
    ledger = a_ledger(RecordingTransport(lambda records: 1), problems)
    a_run(ledger)
    ledger.close()

    assert "rejected 1 of" in str(problems[0])


def test_the_first_problem_is_logged_and_with_debug_every_one(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_badly() -> int:
        caplog.clear()
        ledger = Ledger(transports=[RecordingTransport()], context=False)
        with ledger.run("orders", sla="soon", scheduled_for=[]):
            pass
        ledger.close()
        return len(caplog.records)

    assert run_badly() == 1
    monkeypatch.setenv("RUNLEDGER_DEBUG", "1")
    assert run_badly() == 2
