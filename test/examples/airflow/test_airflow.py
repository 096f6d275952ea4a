"""A real DAG, by `airflow dags test`: what the ledger shows of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest
from ledger import EXAMPLES, Shown

DAG = "orders_daily"


@pytest.fixture(scope="session")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Dict[str, str]:
    """The variables of an Airflow with a database of its own."""
    env = {
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "AIRFLOW__CORE__DAGS_FOLDER": str(EXAMPLES / "airflow" / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    subprocess.run(["airflow", "db", "migrate"], env={**os.environ, **env}, check=True, capture_output=True)
    return env


def run_dag(shown: Shown, airflow: Dict[str, str], day: str, **params: str) -> None:
    conf = json.dumps({**params, "out": f"{airflow['AIRFLOW_HOME']}/sums-{day}.json"})
    ended = shown.run_example("airflow", "dags", "test", DAG, f"{day}T02:00:00+00:00", "-c", conf, expect=None, env=airflow)
    assert "could not be reported" not in ended.stdout + ended.stderr


def tried(shown: Shown) -> List[Any]:
    return [
        (step["step_name"], step["map_index"], int(step["attempt"]), step["status"]) for step in shown.steps(DAG)
    ]


def test_airflow_finds_the_plugin(airflow: Dict[str, str]) -> None:
    listed = subprocess.run(["airflow", "plugins", "-o", "json"], env={**os.environ, **airflow}, capture_output=True, text=True)
    assert "runledger" in listed.stdout, listed.stdout + listed.stderr


def test_a_dag_run_is_a_run_whose_mapped_tasks_are_steps_with_their_tries(shown: Shown, airflow: Dict[str, str]) -> None:
    run_dag(shown, airflow, "2026-11-03", slow="eu")

    run = shown.run(DAG)
    assert (run["status"], run["run_mode"], run["job_id"], run["user"]) == ("SUCCESS", "manual", DAG, "dag_test")
    assert run["run_id"].startswith("manual__")
    assert (run["data_interval_start"], run["scheduled_for"]) == ("2026-11-03T02:00:00.000Z", None)
    # 12 orders of three regions went in, and a sum of each came out.
    assert (int(run["records_in"]), int(run["records_out"])) == (12, 3)
    # From its first task to its end, not since the day that it is of.
    assert run["start_time"] > "2026-11-03T03"
    assert tried(shown) == [
        ("count_orders", 0, 1, "SUCCESS"),
        ("count_orders", 1, 2, "SUCCESS"),
        ("count_orders", 2, 1, "SUCCESS"),
        ("list_regions", None, 1, "SUCCESS"),
        ("write_sums", None, 1, "SUCCESS"),
    ]
    events = shown.events(DAG)
    errors = [event for event in events if event["event_type"] == "ERROR"]
    assert [("no answer from eu" in str(error["error"]), error["map_index"]) for error in errors] == [(True, 1)]
    assert "file:///tmp/orders-by-region.json" in str([event["output_targets"] for event in events])


def test_a_dag_run_fails_with_the_error_of_its_task(shown: Shown, airflow: Dict[str, str]) -> None:
    run_dag(shown, airflow, "2026-11-04", slow="apac", broken="us")

    run = shown.run(DAG)
    assert (run["status"], run["error_code"], run["error_message"]) == ("FAILED", "T101", "no answer from us")
    assert run["error_step"] == "count_orders"
    assert tried(shown) == [
        ("count_orders", 0, 2, "SUCCESS"),
        ("count_orders", 1, 1, "SUCCESS"),
        ("count_orders", 2, 2, "FAILED"),
        ("list_regions", None, 1, "SUCCESS"),
        ("write_sums", None, 1, "SKIPPED"),
    ]


#: What the scheduler calls, with a row of Airflow's own.
SCHEDULER = """
from datetime import datetime, timezone
import runledger
from airflow.models.dagrun import DagRun
from runledger.airflow import RunledgerListener
day = lambda number, hour=2: datetime(2026, 11, number, hour, tzinfo=timezone.utc)
dag_run = DagRun(dag_id="orders_daily", run_id="scheduled__1", run_type="scheduled", logical_date=day(3),
                 data_interval=(day(3), day(4)), run_after=day(4), start_date=day(4, 3), state="running", conf={"full": True})
dag_run.clear_number = 1
RunledgerListener().on_dag_run_running(dag_run, "started")
dag_run.end_date = day(4, 5)
RunledgerListener().on_dag_run_failed(dag_run, "timed_out")
runledger.close()
"""


def test_a_scheduled_dag_run_fills_the_slot_that_it_was_due_in(shown: Shown, airflow: Dict[str, str]) -> None:
    shown.run_example(sys.executable, "-c", SCHEDULER, env=airflow)

    run = shown.run(DAG)
    assert (run["status"], run["run_mode"], int(run["run_attempt"])) == ("TIMED_OUT", "scheduled", 2)
    assert run["scheduled_for"] == "2026-11-04T02:00:00.000Z"
    assert (run["data_interval_start"], run["data_interval_end"]) == ("2026-11-03T02:00:00.000Z", "2026-11-04T02:00:00.000Z")
    assert (run["start_time"], run["end_time"]) == ("2026-11-04T03:00:00.000Z", "2026-11-04T05:00:00.000Z")
    assert run["error_message"] == "Airflow says: timed_out"


def test_the_plugin_can_be_switched_off(shown: Shown, airflow: Dict[str, str]) -> None:
    run_dag(shown, {**airflow, "RUNLEDGER_AIRFLOW": "off"}, "2026-11-05")

    assert shown.runs(DAG) == []
