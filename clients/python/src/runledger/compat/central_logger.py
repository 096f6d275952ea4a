"""Stands in for a `central_logger` that buffers rows for a Delta table: `from runledger.compat.central_logger import
get_logger`. A stage called `job` is the run itself, as it is there."""

from __future__ import annotations

import functools
import uuid
from datetime import datetime
from typing import Any, Callable, Dict, Optional, TypeVar, cast

from ..context import with_context
from ..default import current_run, flush
from .rows import as_utc, now, seconds_between, send_row

Function = TypeVar("Function", bound=Callable[..., Any])

_last: Optional[BufferedLogger] = None


def get_context() -> Dict[str, Any]:
    """Job, run, notebook, cluster and user, as far as they can be found. There is always a `run_id`."""
    found = with_context({})
    cluster = found.get("cluster") or {}
    tags = found.get("tags") or {}
    run = current_run()
    return {
        "job_id": found.get("job_id"),
        "run_id": run.run_id if run else tags.get("databricks_run_id") or str(uuid.uuid4()),
        "notebook_path": found.get("notebook_path"),
        "cluster_id": cluster.get("cluster_id"),
        "node_type": cluster.get("driver_node_type"),
        "cluster_size": cluster.get("executor_count"),
        "spark_version": cluster.get("spark_version"),
        "user": found.get("user"),
    }


class BufferedLogger:
    """`table` and `buffer_size` are taken and not needed: rows go to the ledger, which packs them."""

    def __init__(self, table: str = "monitoring.pipeline_logs", buffer_size: int = 100) -> None:
        self.table = table
        self.buffer_size = buffer_size
        self.context = get_context()

    def log(
        self,
        pipeline_name: str,
        stage: str,
        status: str,
        message: Any = "",
        details: Any = None,
        start_time: Optional[datetime] = None,
        end_time: Optional[datetime] = None,
        duration_sec: Optional[float] = None,
        records_processed: Optional[int] = None,
        input_size_mb: Optional[float] = None,
        output_size_mb: Optional[float] = None,
    ) -> None:
        send_row(
            {
                "event_id": str(uuid.uuid4()),
                "pipeline_name": pipeline_name,
                **self.context,
                "stage": stage,
                "status": status,
                "message": message,
                "details": details,
                "event_ts": now(),
                "start_time": as_utc(start_time),
                "end_time": as_utc(end_time),
                "duration_sec": duration_sec,
                "records_processed": records_processed,
                "input_size_mb": input_size_mb,
                "output_size_mb": output_size_mb,
            }
        )

    def flush(self) -> None:
        flush()

    def start_step(self, pipeline_name: str, stage: str, message: Any = None) -> None:
        self.log(pipeline_name, stage, "STARTED", message or "started", start_time=now())

    def end_step(
        self,
        pipeline_name: str,
        stage: str,
        status: str = "SUCCESS",
        message: Any = None,
        start_time: Optional[datetime] = None,
        records_processed: Optional[int] = None,
    ) -> None:
        end = now()
        self.log(
            pipeline_name,
            stage,
            status,
            message or status,
            start_time=start_time,
            end_time=end,
            duration_sec=seconds_between(start_time, end),
            records_processed=records_processed,
        )


def get_logger(table: str = "monitoring.pipeline_logs", buffer_size: int = 100) -> BufferedLogger:
    """A new logger is a new run, unless the platform names the run, or one is open."""
    global _last
    _last = BufferedLogger(table, buffer_size)
    return _last


def log_run(pipeline_name: str, stage_name: str) -> Callable[[Function], Function]:
    """Every call of the function is a stage; in the run of the last logger made, if there is one."""

    def decorator(function: Function) -> Function:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            logger = _last or get_logger()
            start = now()
            logger.start_step(pipeline_name, stage_name)
            try:
                result = function(*args, **kwargs)
            except Exception as error:
                logger.end_step(pipeline_name, stage_name, "FAILED", str(error), start_time=start)
                raise
            logger.end_step(pipeline_name, stage_name, start_time=start)
            return result

        return cast(Function, wrapper)

    return decorator
