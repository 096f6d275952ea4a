"""Reads the options of a run. It leaves out a value it cannot read, and complains; it never refuses a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Mapping, Optional

from .event import Columns, RunIdentity
from .wire_value import (
    Complain,
    Reader,
    attempt,
    read_count,
    read_instant,
    read_map,
    read_row,
    read_text,
    read_texts,
    unexpected,
)
from .work import as_ms


@dataclass(frozen=True)
class RunDescription:
    run: RunIdentity
    #: The columns that describe the run; its START and its END carry them.
    columns: Columns


@dataclass(frozen=True)
class RunDefaults:
    """What holds of every run of a ledger."""

    environment: Optional[str]
    owner: Optional[str]
    tags: Mapping[str, Any]


def describe_run(
    options: Mapping[str, Any], defaults: RunDefaults, next_id: Callable[[], str], complain: Complain
) -> RunDescription:
    process_name = _read_name(options.get("process_name"), "process_name", complain)
    if process_name is None:
        complain(unexpected("process_name", "the name of the pipeline", options.get("process_name")))
    own_tags = attempt(lambda: read_map(read_text)(options.get("tags"), "tags", complain), complain) or {}
    tags = {**defaults.tags, **own_tags}
    number = attempt(lambda: read_count(options.get("run_attempt"), "run_attempt", complain), complain)
    run = RunIdentity(
        run_id=_read_name(options.get("run_id"), "run_id", complain) or next_id(),
        process_name=process_name or "unnamed",
        run_attempt=number or 1,
        # Every event names it, not only those that carry the tags: it is part of what makes them one run.
        environment=_read_name(options.get("environment"), "environment", complain)
        or _environment_in(own_tags)
        or defaults.environment
        or _environment_in(defaults.tags),
    )
    return RunDescription(run, {"owner": defaults.owner, **_columns_of(options, complain), "tags": tags or None})


def _read_sla(value: Any, name: str, complain: Complain) -> Optional[Columns]:
    """The longest it may take: a number of milliseconds, a timedelta, or `{"expected_max_duration_ms": …}`."""
    if value is None or isinstance(value, Mapping):
        return read_row({"expected_max_duration_ms": read_count})(value, name, complain)
    count = read_count(as_ms(value), name, complain)
    return None if count is None else {"expected_max_duration_ms": count}


READERS: Dict[str, Reader[Any]] = {
    "process_type": read_text,
    "parent_run_id": read_text,
    "root_run_id": read_text,
    "job_id": read_text,
    "task_id": read_text,
    "scheduled_for": read_instant,
    "data_interval_start": read_instant,
    "data_interval_end": read_instant,
    "owner": read_text,
    "run_mode": read_text,
    "user": read_text,
    "notebook_path": read_text,
    "notebook_git_sha": read_text,
    "cluster": read_row(
        {
            "cluster_id": read_text,
            "cluster_size": read_text,
            "executor_count": read_count,
            "driver_node_type": read_text,
            "spark_version": read_text,
        }
    ),
    "params": read_map(read_text),
    "planned_steps": read_texts,
    "sla": _read_sla,
    "heartbeat_interval_ms": lambda value, name, complain: read_count(as_ms(value), name, complain),
}


#: What `run` takes besides the name of the pipeline.
RUN_OPTIONS = ("run_id", "run_attempt", "environment", "tags", *READERS)


def _columns_of(options: Mapping[str, Any], complain: Complain) -> Columns:
    """In the order of the readers, whatever the order of the options is."""
    columns: Columns = {}
    for name, read in READERS.items():
        value = attempt(lambda: read(options.get(name), name, complain), complain)  # noqa: B023
        if value is not None:
            columns[name] = value
    return columns


def _environment_in(tags: Mapping[str, Any]) -> Optional[str]:
    texts = [str(tags[name]) for name in ("env", "environment") if tags.get(name) is not None]
    return next((text for text in texts if text.strip() != ""), None)


def _read_name(value: Any, name: str, complain: Complain) -> Optional[str]:
    """A name that is not empty."""
    text = attempt(lambda: read_text(value, name, complain), complain)
    return None if text is None or text.strip() == "" else text
