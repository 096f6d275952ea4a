"""How a job that the ledger started again goes on from where the earlier run was: the ledger tells it by its environment."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional

from .watermark import ask, literal


@dataclass(frozen=True)
class Started:
    """What the ledger told the job that it started. All None: the ledger did not start it."""

    run_id: Optional[str] = None
    process_name: Optional[str] = None
    environment: Optional[str] = None
    run_attempt: Optional[int] = None
    run_mode: Optional[str] = None
    parent_run_id: Optional[str] = None
    root_run_id: Optional[str] = None
    scheduled_for: Optional[str] = None
    #: The index of the first step that is to run; the steps before it are done.
    from_step: Optional[int] = None
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_restart(self) -> bool:
        return self.parent_run_id is not None


def started_by_ledger(env: Optional[Mapping[str, str]] = None) -> Started:
    """Never raises: what cannot be read is taken as not told."""
    variables = os.environ if env is None else env

    def text(name: str) -> Optional[str]:
        return variables.get(name, "").strip() or None

    if text("RUNLEDGER_RUN_ID") is None:
        return Started()
    return Started(
        run_id=text("RUNLEDGER_RUN_ID"),
        process_name=text("RUNLEDGER_PIPELINE"),
        environment=text("RUNLEDGER_ENVIRONMENT"),
        run_attempt=_number(text("RUNLEDGER_RUN_ATTEMPT")),
        run_mode=text("RUNLEDGER_RUN_MODE"),
        parent_run_id=text("RUNLEDGER_PARENT_RUN_ID"),
        root_run_id=text("RUNLEDGER_ROOT_RUN_ID"),
        scheduled_for=text("RUNLEDGER_SCHEDULED_FOR"),
        from_step=_number(text("RUNLEDGER_FROM_STEP")),
        params=_params(text("RUNLEDGER_PARAMS")),
    )


_taken = False


def options_of_start(process_name: Any, options: Mapping[str, Any], env: Optional[Mapping[str, str]]) -> Dict[str, Any]:
    """The options of a run with what the ledger told, where the job says nothing itself. Only the first run of the pipeline
    that was started is that run."""
    global _taken
    started = started_by_ledger(env)
    if started.run_id is None or str(process_name) != started.process_name or options.get("run_id") is not None:
        return dict(options)
    if env is None:
        if _taken:
            return dict(options)
        _taken = True
    told = {
        "run_id": started.run_id,
        "environment": started.environment,
        "run_attempt": started.run_attempt,
        "run_mode": started.run_mode,
        "parent_run_id": started.parent_run_id,
        "root_run_id": started.root_run_id,
        "scheduled_for": started.scheduled_for,
    }
    given = {name: value for name, value in options.items() if value is not None}
    return {**{name: value for name, value in told.items() if value is not None}, **given}


def last_checkpoint(parent_run_id: str, process_name: str, env: Optional[Mapping[str, str]] = None) -> Optional[str]:
    """What the earlier run kept by `run.checkpoint` last. None: it kept nothing. Raises `LedgerUnavailable`."""
    rows = ask(
        "select message from pipeline_logs where event_type = 'CHECKPOINT' and message is not null "
        f"and run_id = {literal(parent_run_id)} and process_name = {literal(process_name)} "
        "order by event_time desc, event_id desc limit 1",
        os.environ if env is None else env,
    )
    message = rows[0].get("message") if rows else None
    return None if message is None else str(message)


def _number(text: Optional[str]) -> Optional[int]:
    return int(text) if text is not None and text.isdigit() else None


def _params(text: Optional[str]) -> Mapping[str, str]:
    try:
        told = json.loads(text or "{}")
        return {str(name): str(value) for name, value in told.items()} if isinstance(told, dict) else {}
    except ValueError:
        return {}
