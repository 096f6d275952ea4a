"""Jobs of Dagster and flows of Prefect, run by their own engines in this machine's processes; GitHub's workflow."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Dict

from ledger import EXAMPLES, ROOT, Shown, told

RUN_DAGSTER = """
import sys
import dagster as dg
sys.path.insert(0, sys.argv[1])
import orders_ops
result = orders_ops.orders_daily.execute_in_process(raise_on_error=False)
sys.exit(0 if result.success else 1)
"""


def test_a_job_of_dagster_is_a_run(shown: Shown, tmp_path: Path) -> None:
    shown.run_example(
        sys.executable, "-c", RUN_DAGSTER, str(EXAMPLES / "dagster"), env=dagster(tmp_path)
    )

    run = shown.run("orders_daily")
    assert (run["status"], run["run_mode"]) == ("SUCCESS", "manual")
    assert [told(step) for step in shown.steps("orders_daily")] == [
        ("read_orders", "SUCCESS", None, 3),
        ("sum_orders", "SUCCESS", 3, 1),
    ]


def test_an_op_of_dagster_that_fails_is_tried_again_and_fails_the_run(shown: Shown, tmp_path: Path) -> None:
    broken = RUN_DAGSTER.replace(
        "result =", "def fail(*_, **__): raise TimeoutError('no answer')\norders_ops.len = fail\nresult ="
    )
    shown.run_example(sys.executable, "-c", broken, str(EXAMPLES / "dagster"), expect=1, env=dagster(tmp_path))

    run = shown.run("orders_daily")
    assert (run["status"], run["error_code"], run["error_step"]) == ("FAILED", "T101", "read_orders")
    (step,) = shown.steps("orders_daily")
    assert (step["status"], int(step["attempt"])) == ("FAILED", 2)


def test_a_flow_of_prefect_is_a_run(shown: Shown, tmp_path: Path) -> None:
    shown.run_example("prefect/orders_flow.py", env=prefect(tmp_path))

    run = shown.run("orders_daily")
    assert (run["status"], run["job_id"]) == ("SUCCESS", "orders-daily")
    # Prefect's id of the flow run.
    assert re.fullmatch(r"[0-9a-f-]{36}", str(shown.start("orders_daily")["task_id"]))
    assert [told(step) for step in shown.steps("orders_daily")] == [
        ("read_orders", "SUCCESS", None, 3),
        ("sum_orders", "SUCCESS", 3, 1),
    ]


def dagster(home: Path) -> Dict[str, str]:
    return {"DAGSTER_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "1"}


def prefect(home: Path) -> Dict[str, str]:
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_LOGGING_LEVEL": "ERROR",
    }


def test_the_workflow_of_github_holds_against_its_schema() -> None:
    workflow = EXAMPLES / "github-actions" / "orders.yml"
    checker = str(Path(sys.executable).parent / "check-jsonschema")
    command = [checker, "--builtin-schema", "vendor.github-workflows", str(workflow)]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_step_of_a_workflow_names_the_workflow(shown: Shown, tmp_path: Path) -> None:
    workflow = (EXAMPLES / "github-actions" / "orders.yml").read_text(encoding="utf-8")
    (command,) = re.findall(r"- run: (\./runledger-exec .*)", workflow)
    (script,) = re.findall(r"- run: python (\S+) ", workflow)
    github = {
        "GITHUB_ACTIONS": "true", "GITHUB_WORKFLOW": "orders", "GITHUB_RUN_ID": "77", "GITHUB_RUN_ATTEMPT": "2",
        "GITHUB_ACTOR": "octocat", "GITHUB_EVENT_NAME": "schedule", "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "shop/orders",
    }  # fmt: skip
    with sqlite3.connect(tmp_path / "shop.db") as database:
        database.execute("create table orders (id integer, customer text, amount real)")
    database.close()
    shown.run_example(f"python-script/{script}", str(tmp_path / "shop.db"), str(tmp_path), env=github)

    run = shown.run("nightly_orders")
    assert (run["status"], run["job_id"], int(run["run_attempt"])) == ("SUCCESS", "orders", 2)
    assert shown.start("nightly_orders")["task_id"] == "77"
    assert (run["user"], run["run_mode"]) == ("octocat", "scheduled")
    assert command.split(" -- ")[0] == "./runledger-exec --pipeline backup"
    assert (ROOT / "clients" / "sh" / "runledger-exec").exists()
