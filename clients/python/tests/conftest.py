from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any, Iterator, List

import pytest
from runledger import Ledger, RecordingTransport
from runledger.default import use_for_a_while

#: What a machine that runs the tests may have set, and what the code under test would find.
_FOUND = ("RUNLEDGER_", "GITHUB_", "AWS_", "AIRFLOW_", "DATABRICKS_", "PREFECT", "DAGSTER_", "GIT_", "CI_", "ECS_")
_KEPT = ("RUNLEDGER_TEST_",)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(_FOUND) and not name.startswith(_KEPT):
            monkeypatch.delenv(name)
    monkeypatch.setenv("RUNLEDGER_SPOOL", str(tmp_path / "spool"))
    logging.getLogger("runledger").handlers.clear()


class Recorded:
    """A ledger whose events are kept, and its problems too."""

    def __init__(self, transport: RecordingTransport, **options: Any) -> None:
        self.transport = transport
        self.problems: List[Exception] = []
        defaults = {"context": False, "heartbeats": False, "flush_interval_ms": 20}
        self.ledger = Ledger(transports=[transport], on_error=self.problems.append, **{**defaults, **options})

    def sent(self) -> RecordingTransport:
        self.ledger.flush()
        return self.transport


@pytest.fixture
def recorded() -> Iterator[Recorded]:
    """The ledger of the process, for the length of a test."""
    one = Recorded(RecordingTransport())
    with use_for_a_while(one.ledger):
        yield one
    one.ledger.close()
