"""A fixture for the tests of your pipelines: `def test_it(runledger_events): …`. pytest finds it by itself."""

from __future__ import annotations

from typing import Iterator

import pytest

from .default import use_for_a_while
from .ledger import Ledger
from .transports.recording import RecordingTransport


class RecordedEvents:
    """What the code under test has sent so far."""

    def __init__(self, ledger: Ledger, transport: RecordingTransport) -> None:
        self._ledger = ledger
        self._transport = transport

    def __call__(self) -> RecordingTransport:
        self._ledger.flush()
        return self._transport


@pytest.fixture
def runledger_events() -> Iterator[RecordedEvents]:
    """Nothing leaves the process: `runledger_events()` has `events`, `of_type("RUN_END")` and `in_short()`."""
    transport = RecordingTransport()
    ledger = Ledger(transports=[transport], context=False, heartbeats=False, flush_interval_ms=50)
    with use_for_a_while(ledger):
        yield RecordedEvents(ledger, transport)
    ledger.close()
