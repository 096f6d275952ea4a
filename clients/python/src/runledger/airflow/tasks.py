"""A try of a task of Airflow is a try of a step. While it runs, its step is open in its process: `runledger.step` within
it adds steps to the DAG run, and so do the processes that it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple

from ..default import default_ledger
from ..error_info import error_info_of
from ..inherit import Parent
from ..run import Run
from ..scope import OPEN
from ..step import Step
from ..work import Work
from .dag_runs import described, step_of


@dataclass(frozen=True)
class _Open:
    run: Run
    step: Step
    #: What was open before.
    outer: Tuple[Work, ...]


#: One at a time, but for `dag.test()` with tasks in threads.
_open: Dict[Tuple[object, ...], _Open] = {}


def started(instance: Any) -> None:
    run = _run_of(instance)
    named = step_of(instance)
    step = run.start_step(named["step_name"], attempt=named["attempt"], map_index=named.get("map_index"))
    for uri in _uris(instance, "inlets"):
        step.source(uri)
    _open[_key(instance)] = _Open(run, step, OPEN.get())
    OPEN.set((*OPEN.get(), run, step))


def ended(instance: Any, status: str, error: Any = None) -> None:
    task = _open.pop(_key(instance), None)
    if task is None:
        _ended_elsewhere(instance, status, error)
        return
    if status == "FAILED":
        task.step.fail(_error_of(error))
    elif status == "SKIPPED":
        task.step.skip("the task skipped itself")
    else:
        for uri in _uris(instance, "outlets"):
            task.step.target(uri)
    task.step.end()
    OPEN.set(task.outer)
    # Sends what is left: the process of a task ends by `os._exit`.
    task.run.end()


def leave() -> None:
    """The process of a task stops, which may have left its step open to go on in another one."""
    for key in list(_open):
        task = _open.pop(key)
        OPEN.set(task.outer)
        task.run.end()


def _ended_elsewhere(instance: Any, status: str, error: Any) -> None:
    """A person, or Airflow when a worker died, says how it ended."""
    info = error_info_of(_error_of(error), {}) if status == "FAILED" else None
    body = {"event_type": "STEP_END", "status": status, "error": info, **step_of(instance)}
    default_ledger()._emit(described(_dag_run_of(instance)).run, body)


def _run_of(instance: Any) -> Run:
    found = described(_dag_run_of(instance)).run
    parent = Parent(found.run_id, found.process_name, found.run_attempt, found.environment, None, None)
    return default_ledger()._join(parent, opens=True)


def _dag_run_of(instance: Any) -> Any:
    """As a row of Airflow's database where there is one, else as a task sees it."""
    dag_run = getattr(instance, "dag_run", None)
    return dag_run if dag_run is not None else instance.get_template_context()["dag_run"]


def _key(instance: Any) -> Tuple[object, ...]:
    return (instance.dag_id, instance.run_id, instance.task_id, instance.map_index)


def _error_of(error: Any) -> Any:
    return error if error else "Airflow says that the task failed, and not why: see its log"


def _uris(instance: Any, name: str) -> Tuple[str, ...]:
    """Of its assets: datasets in Airflow 2."""
    found: Optional[Any] = getattr(getattr(instance, "task", None), name, None)
    return tuple(str(one.uri) for one in found or () if getattr(one, "uri", None))
