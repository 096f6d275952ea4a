"""Stands in for functions that append one event to a table or a bucket."""

from __future__ import annotations

import json
import uuid
from typing import Any, Dict, Optional

from ..error_info import safe_str
from .rows import now, run_id_here, send_row


def emit_event(spark: Any, event: Optional[Dict[str, Any]] = None) -> None:
    """`emit_event(spark, event)`, or `emit_event(event)`: `spark` is not needed. Fills in `event_id`, `created_at`,
    `updated_at` and `raw_payload` where they are missing, as it does there."""
    told: Dict[str, Any] = spark if event is None else event
    moment = now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told.setdefault("event_id", str(uuid.uuid4()))
    told.setdefault("created_at", moment)
    told.setdefault("updated_at", moment)
    # The payload is the event: the ledger keeps the line itself.
    sent = {name: value for name, value in told.items() if name != "raw_payload"}
    told["raw_payload"] = json.dumps(sent, default=safe_str)
    send_row(sent)


def log_event(
    level: str,
    job_name: str,
    step: Optional[str],
    message: str,
    details: Any = None,
    user: Optional[str] = None,
    source: Optional[str] = None,
    run_id: Optional[str] = None,
) -> None:
    """Without a `run_id`, that of the open run, else one for all that this process logs."""
    send_row(
        {
            "timestamp": now(),
            "level": level,
            "job_name": job_name,
            "step": step,
            "message": message,
            "details": details,
            "user": user,
            "source": source,
            "run_id": run_id or run_id_here(),
        }
    )


def log_to_s3(event: Dict[str, Any], s3_path: Optional[str] = None) -> None:
    """`s3_path` is not needed: the ledger says where events go. `RUNLEDGER_S3` writes them to a bucket."""
    event["timestamp"] = now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    send_row(event)
