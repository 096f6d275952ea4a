"""A run that is waited for does not look lost."""

from __future__ import annotations

import threading
from typing import List, Optional, Sequence

from runledger import Ledger, RecordingTransport


class Listening(RecordingTransport):
    """Says when enough heartbeats have come."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self.wanted = wanted
        self.have_come = threading.Event()

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        taken = super().send(records, timeout_s)
        if len(self.of_type("HEARTBEAT")) >= self.wanted:
            self.have_come.set()
        return taken


def test_a_silent_run_beats_by_itself_with_the_memory_it_uses() -> None:
    transport = Listening(3)
    ledger = Ledger(transports=[transport], flush_interval_ms=1)
    with ledger.run("orders", heartbeat_interval_ms=10):
        # The host's code computes without a pause.
        while not transport.have_come.is_set():
            sum(range(1_000))
    ledger.close()

    beat = transport.of_type("HEARTBEAT")[0]
    assert beat["heartbeat_interval_ms"] == 10
    assert beat["metrics"]["memory_used_mb"] > 1
    # A beat that was under way when the run ended may come after the end; none begins then.
    after = transport.in_short()[transport.in_short().index("RUN_END SUCCESS") + 1 :]
    assert after in ([], ["HEARTBEAT"])


def test_one_run_that_ends_does_not_silence_another() -> None:
    transport = Listening(2)
    ledger = Ledger(transports=[transport], flush_interval_ms=1, context=False)
    first = ledger.start_run("first", heartbeat_interval_ms=10)
    second = ledger.start_run("second", heartbeat_interval_ms=10)
    first.end()
    assert transport.have_come.wait(20)
    second.end()
    ledger.close()

    assert transport.events[-1]["process_name"] == "second"
    assert "second" in {event["process_name"] for event in transport.of_type("HEARTBEAT")}


def _promised(**options: object) -> List[object]:
    transport = RecordingTransport()
    ledger = Ledger(transports=[transport], context=False, heartbeats=bool(options.pop("beats", True)))
    with ledger.run("orders", **options):
        pass
    ledger.start_run("open", **options).end()
    ledger.close()
    return [event.get("heartbeat_interval_ms") for event in transport.of_type("RUN_START")]


def test_what_is_promised_is_kept_and_nothing_else_is_promised() -> None:
    assert _promised() == [60_000, None]
    assert _promised(heartbeat_interval_ms=5_000) == [5_000, 5_000]
    assert _promised(heartbeat_interval_ms=0) == [None, None]
    assert _promised(beats=False) == [None, None]
    assert _promised(beats=False, heartbeat_interval_ms=5_000) == [5_000, 5_000]
