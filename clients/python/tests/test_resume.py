"""A job that the ledger started again takes the run that it was started as, and goes on from its failed step."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import json
import pytest

JOB = """
import runledger
done = []
with runledger.run("orders") as run:
    for name in ("extract", "join", "load"):
        if run.skip_if_done(name):
            continue
        with run.step(name):
            done.append(name)
with runledger.run("orders") as second:
    pass
print(run.run_id, run.run_attempt, run.resume_from, done, second.run_id != run.run_id, flush=True)
"""

STARTED = {
    "RUNLEDGER_RUN_ID": "a-try2",
    "RUNLEDGER_PIPELINE": "orders",
    "RUNLEDGER_ENVIRONMENT": "prod",
    "RUNLEDGER_RUN_ATTEMPT": "2",
    "RUNLEDGER_RUN_MODE": "incremental",
    "RUNLEDGER_PARENT_RUN_ID": "a",
    "RUNLEDGER_ROOT_RUN_ID": "a",
    "RUNLEDGER_SCHEDULED_FOR": "2025-11-03T02:00:00.000Z",
    "RUNLEDGER_FROM_STEP": "3",
}


def events_of(tmp_path: Path, **env: str) -> "tuple[str, List[Dict[str, Any]]]":
    file = tmp_path / "events.ndjson"
    base = {name: value for name, value in os.environ.items() if not name.startswith("RUNLEDGER_")}
    done = subprocess.run(
        [sys.executable, "-c", JOB],
        env={**base, "PYTHONPATH": os.pathsep.join(sys.path), "RUNLEDGER_FILE": str(file), "RUNLEDGER_SPOOL": "off", **env},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip(), [json.loads(line) for line in file.read_text().splitlines()]


def test_a_started_job_is_the_run_that_it_was_started_as_and_skips_what_is_done(tmp_path: Path) -> None:
    said, events = events_of(tmp_path, **STARTED)
    assert said == "a-try2 2 3 ['load'] True"
    start = events[0]
    for name, value in {
        "run_id": "a-try2",
        "environment": "prod",
        "run_attempt": 2,
        "run_mode": "incremental",
        "parent_run_id": "a",
        "root_run_id": "a",
    }.items():
        assert start[name] == value
    assert start["scheduled_for"].startswith("2025-11-03T02:00:00")
    ends = [(e["step_name"], e["status"], e.get("step_index")) for e in events if e["event_type"] == "STEP_END"]
    assert ends == [("extract", "SKIPPED", 1), ("join", "SKIPPED", 2), ("load", "SUCCESS", 3)]


def test_a_job_that_the_ledger_did_not_start_runs_every_step(tmp_path: Path) -> None:
    said, events = events_of(tmp_path)
    assert "None ['extract', 'join', 'load']" in said
    assert not any(event.get("parent_run_id") for event in events)


@pytest.mark.parametrize("name, value", [("RUNLEDGER_FROM_STEP", "x"), ("RUNLEDGER_RUN_ATTEMPT", "-1"), ("RUNLEDGER_PARAMS", "[")])
def test_what_cannot_be_read_is_as_if_it_were_not_told(tmp_path: Path, name: str, value: str) -> None:
    said, _ = events_of(tmp_path, **{**STARTED, name: value})
    assert said.startswith("a-try2 ")


def test_another_pipeline_is_not_that_run(tmp_path: Path) -> None:
    said, _ = events_of(tmp_path, **{**STARTED, "RUNLEDGER_PIPELINE": "customers"})
    assert not said.startswith("a-try2")
