"""What started the job: Airflow (MWAA too), Dagster, Prefect, GitHub Actions. By the variables that each sets for the
code it runs."""

from __future__ import annotations

import os
import re
import sys
from typing import Any, Dict, Optional

Found = Dict[str, Any]
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})", re.ASCII)


def found() -> Found:
    for find in (_airflow, _dagster, _prefect, _github):
        result = find()
        if result:
            return result
    return {}


def _airflow() -> Found:
    dag = os.environ.get("AIRFLOW_CTX_DAG_ID")
    if not dag:
        return {}
    number = os.environ.get("AIRFLOW_CTX_TRY_NUMBER", "")
    run_id = os.environ.get("AIRFLOW_CTX_DAG_RUN_ID", "")
    modes = {"scheduled": "scheduled", "manual": "manual", "backfill": "backfill"}
    owner = os.environ.get("AIRFLOW_CTX_DAG_OWNER")
    is_mwaa = any(name.startswith("MWAA_") for name in os.environ) or "AIRFLOW_ENV_NAME" in os.environ
    return {
        "job_id": dag,
        "task_id": os.environ.get("AIRFLOW_CTX_TASK_ID"),
        "run_attempt": int(number) if number.isdigit() and int(number) > 0 else None,
        "scheduled_for": _airflow_slot(run_id),
        "run_mode": modes.get(run_id.partition("__")[0]),
        "tags": {"platform": "mwaa" if is_mwaa else "airflow", "dag_run_id": run_id or None, "dag_owner": owner},
    }


def _airflow_slot(run_id: str) -> Optional[str]:
    """When the run was due, as the Airflow plugin tells it. Airflow 3 puts `run_after` into the run's id; Airflow 2, which
    alone sets the execution date, the start of the data interval, and nothing a task can see says when that ends."""
    kind, _, moment = run_id.partition("__")
    if kind not in ("scheduled", "backfill") or "AIRFLOW_CTX_EXECUTION_DATE" in os.environ:
        return None
    return moment if _MOMENT.fullmatch(moment) else None


def _dagster() -> Found:
    run = os.environ.get("DAGSTER_RUN_ID")
    job = os.environ.get("DAGSTER_RUN_JOB_NAME")
    if not run and not job:
        return {}
    return {"job_id": job, "task_id": run, "tags": {"platform": "dagster"}}


def _prefect() -> Found:
    run = os.environ.get("PREFECT__FLOW_RUN_ID") or os.environ.get("PREFECT_FLOW_RUN_ID")
    runtime = sys.modules.get("prefect.runtime")
    name = None
    if runtime is not None:
        run = run or runtime.flow_run.id
        name = runtime.flow_run.flow_name
    return {"job_id": name, "task_id": run, "tags": {"platform": "prefect"}} if run else {}


def _github() -> Found:
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return {}
    number = os.environ.get("GITHUB_RUN_ATTEMPT", "")
    place = f"{os.environ.get('GITHUB_SERVER_URL')}/{os.environ.get('GITHUB_REPOSITORY')}"
    run = os.environ.get("GITHUB_RUN_ID")
    return {
        "job_id": os.environ.get("GITHUB_WORKFLOW"),
        "task_id": run,
        "run_attempt": int(number) if number.isdigit() and int(number) > 0 else None,
        "user": os.environ.get("GITHUB_ACTOR"),
        "run_mode": "scheduled" if os.environ.get("GITHUB_EVENT_NAME") == "schedule" else None,
        "tags": {"platform": "github-actions", "job_url": f"{place}/actions/runs/{run}"},
    }
