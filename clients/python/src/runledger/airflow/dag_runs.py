"""A DAG run of Airflow is a run. Its start and its end may be told by different processes, so each event is made of what
the DAG run itself has."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Optional

from .. import dying
from ..default import default_ledger
from ..describe_run import RunDescription, describe_run
from ..event import Columns
from ..wire_value import read_instant

#: Airflow's kinds of runs, in the ledger's words where it has one.
_RUN_MODES = {"asset_triggered": "triggered", "dataset_triggered": "triggered", "operator_triggered": "triggered"}
#: By the state in which Airflow leaves a task that it did not start.
_NEVER_RUN = {"upstream_failed": "a task before it failed", "skipped": "Airflow skipped it", "removed": "removed"}


def described(dag_run: Any, more: Optional[Mapping[str, Any]] = None) -> RunDescription:
    """From a DAG run as the scheduler has it, or as a task sees it."""
    run_type = _text(getattr(dag_run, "run_type", None))
    options = {
        "process_name": dag_run.dag_id,
        "run_id": dag_run.run_id,
        # Clearing a DAG run runs it again, or what was cleared of it, under the same id.
        "run_attempt": int(getattr(dag_run, "clear_number", None) or 0) + 1,
        "job_id": dag_run.dag_id,
        "scheduled_for": _slot_of(dag_run) if run_type in ("scheduled", "backfill") else None,
        "data_interval_start": getattr(dag_run, "data_interval_start", None),
        "data_interval_end": getattr(dag_run, "data_interval_end", None),
        "run_mode": _RUN_MODES.get(run_type or "", run_type),
        "user": getattr(dag_run, "triggering_user_name", None),
        "params": getattr(dag_run, "conf", None) or None,
        "tags": {"platform": "airflow"},
        **(more or {}),
    }
    ledger = default_ledger()
    return describe_run(options, ledger._settings.defaults, lambda: str(dag_run.run_id), ledger._complain)


def _slot_of(dag_run: Any) -> Any:
    """When it was due. The logical date is the start of the interval, not its end, where a DAG has data intervals."""
    return getattr(dag_run, "run_after", None) or dag_run.data_interval_end or dag_run.logical_date


def started(dag_run: Any) -> None:
    _emit(dag_run, {"event_type": "RUN_START", "status": "RUNNING"})


def ended(dag_run: Any, status: str, reason: str) -> None:
    instances = _instances_of(dag_run)
    for instance in instances:
        why = _NEVER_RUN.get(_text(instance.state) or "")
        # One that has a host ran, and told its end itself.
        if why and not instance.hostname:
            _emit_plain(dag_run, {"event_type": "STEP_END", "status": "SKIPPED", "message": why, **step_of(instance)})
    failed = sum(_text(one.state) == "failed" for one in instances)
    # Failed tasks have told their errors, and the first of them is the run's.
    error = None if failed or status == "SUCCESS" else {"message": f"Airflow says: {reason}"}
    end_time, metrics = _instant(dag_run.end_date), {"tasks": len(instances), "tasks_failed": failed}
    _emit(dag_run, {"event_type": "RUN_END", "status": status, "end_time": end_time, "error": error, "metrics": metrics})


def step_of(instance: Any, attempt: Optional[int] = None) -> Columns:
    """The columns that name a task instance. One that never began has no try, and counts as the first."""
    map_index = instance.map_index
    is_mapped = isinstance(map_index, int) and map_index >= 0
    return {
        "step_name": instance.task_id,
        "attempt": attempt or max(1, int(instance.try_number or 0)),
        **({"map_index": map_index} if is_mapped else {}),
    }


def _emit(dag_run: Any, body: Columns) -> None:
    dag = _dag_of(dag_run)
    owner = getattr(dag, "owner", None)
    task_ids = [task.task_id for task in dag.topological_sort()] if hasattr(dag, "topological_sort") else None
    # "airflow" is what Airflow calls nobody.
    more = {"owner": None if owner == "airflow" else owner, "planned_steps": task_ids}
    # `airflow dags test` says that a run began at the very moment that it is of.
    due = (dag_run.logical_date, getattr(dag_run, "run_after", None))
    start_time = None if dag_run.start_date in due else _instant(dag_run.start_date)
    found = described(dag_run, more)
    default_ledger()._emit(found.run, {**body, "start_time": start_time, **found.columns})
    dying.watch()


def _emit_plain(dag_run: Any, body: Columns) -> None:
    default_ledger()._emit(described(dag_run).run, body)


def _dag_of(dag_run: Any) -> Any:
    try:
        return dag_run.get_dag()
    except Exception:
        # One that was deleted while it ran.
        return None


def _instances_of(dag_run: Any) -> List[Any]:
    """In the session of the scheduler: another one may not see what this one is about to write."""
    from sqlalchemy.orm import object_session

    session = object_session(dag_run)
    options: Dict[str, Any] = {} if session is None else {"session": session}
    try:
        return list(dag_run.get_task_instances(**options))
    except Exception:
        return []


def _instant(value: Any) -> Optional[str]:
    return read_instant(value, "time", default_ledger()._complain)


def _text(value: Any) -> Optional[str]:
    """Airflow's words are enums, and in older versions texts."""
    return None if value is None else str(getattr(value, "value", value))
