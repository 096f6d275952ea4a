"""Stands in for a row of an audit table."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Optional

from .rows import as_local, now, send_row


def audit_record(
    pipeline_name: str,
    run_id: str,
    start_time: datetime,
    end_time: Optional[datetime] = None,
    status: str = "SUCCESS",
    row_count: Optional[int] = None,
    **more: Any,
) -> None:
    """Instead of `spark.createDataFrame([[pipeline_name, run_id, start_time, …]], [...]).write…`. Times without zone are
    those of this machine, as `datetime.now()` makes them; `end_time` is now by default. `more`: further columns, such as
    `environment`, `table` and `error_message`."""
    send_row(
        {
            "pipeline_name": pipeline_name,
            "run_id": run_id,
            "start_time": as_local(start_time),
            "end_time": as_local(end_time) if end_time is not None else now(),
            "status": status,
            "row_count": row_count,
            **more,
        }
    )
