"""What the stand-ins share: rows in the words of the logger that they stand in for. The ledger knows those words."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any, Dict, Optional

from ..default import current_run, default_ledger

_OF_THIS_PROCESS = str(uuid.uuid4())


def run_id_here() -> str:
    """The run that is open, else one for all that this process logs."""
    run = current_run()
    return run.run_id if run else _OF_THIS_PROCESS


def send_row(row: Dict[str, Any]) -> None:
    default_ledger().send(row)


def now() -> datetime:
    return datetime.now(timezone.utc)


def as_utc(moment: Any) -> Any:
    """`datetime.utcnow()` has no zone and means UTC."""
    is_naive = isinstance(moment, datetime) and moment.tzinfo is None
    return moment.replace(tzinfo=timezone.utc) if is_naive else moment


def as_local(moment: Any) -> Any:
    """`datetime.now()` has no zone and means that of this machine."""
    is_naive = isinstance(moment, datetime) and moment.tzinfo is None
    return moment.astimezone(timezone.utc) if is_naive else moment


def seconds_between(start: Any, end: datetime) -> Optional[float]:
    start = as_utc(start)
    return (end - start).total_seconds() if isinstance(start, datetime) else None
