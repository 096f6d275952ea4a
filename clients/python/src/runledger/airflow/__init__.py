"""Reports every DAG run of Airflow as a run and its tasks as steps. Where Airflow runs, `pip install runledger` is all:
Airflow finds the plugin by itself. `RUNLEDGER_AIRFLOW=off` switches it off. For Airflow 2.10 and later.

In the code of a task, `runledger.current_step()` is the task's step: `runledger.current_step().records(out=n)`. Processes
that a task starts and that use the client join the run."""

from __future__ import annotations

import logging
import os
from typing import Any, Callable, List

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

from ..settings import _flag
from . import dag_runs, tasks

__all__ = ["RunledgerListener", "RunledgerPlugin"]


class RunledgerListener:
    """Airflow calls the first three where it schedules, the others where a task runs. None of them raises."""

    @hookimpl
    def on_dag_run_running(self, dag_run: Any, msg: str) -> None:
        _quietly(lambda: dag_runs.started(dag_run))

    @hookimpl
    def on_dag_run_success(self, dag_run: Any, msg: str) -> None:
        _quietly(lambda: dag_runs.ended(dag_run, "SUCCESS", msg))

    @hookimpl
    def on_dag_run_failed(self, dag_run: Any, msg: str) -> None:
        _quietly(lambda: dag_runs.ended(dag_run, "TIMED_OUT" if msg == "timed_out" else "FAILED", msg))

    @hookimpl
    def on_task_instance_running(self, previous_state: Any, task_instance: Any) -> None:
        _quietly(lambda: tasks.started(task_instance))

    @hookimpl
    def on_task_instance_success(self, previous_state: Any, task_instance: Any) -> None:
        _quietly(lambda: tasks.ended(task_instance, "SUCCESS"))

    @hookimpl
    def on_task_instance_failed(self, previous_state: Any, task_instance: Any, error: Any) -> None:
        _quietly(lambda: tasks.ended(task_instance, "FAILED", error))

    @hookimpl
    def on_task_instance_skipped(self, previous_state: Any, task_instance: Any) -> None:
        _quietly(lambda: tasks.ended(task_instance, "SKIPPED"))

    @hookimpl
    def before_stopping(self, component: Any) -> None:
        """A task that is deferred or rescheduled ends its process without another call."""
        _quietly(tasks.leave)


class RunledgerPlugin(AirflowPlugin):
    name = "runledger"
    listeners: List[Any] = [RunledgerListener()] if _flag(os.environ, "RUNLEDGER_AIRFLOW", True) else []


def _quietly(act: Callable[[], None]) -> None:
    """What Airflow has may differ between its versions; that must not disturb it."""
    try:
        act()
    except Exception:
        logging.getLogger("runledger").warning("Airflow's event could not be reported", exc_info=True)
