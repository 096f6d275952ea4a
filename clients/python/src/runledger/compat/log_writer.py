"""Stands in for a `LogWriter` that keeps the results of a pipeline framework in a table."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Dict, List, Mapping, Tuple

from ..default import flush
from .rows import as_utc, now, send_row

_GOOD = ("completed", "success", "succeeded")


class LogWriter:
    """`LogWriter(spark=…, schema=…, table_name=…)`. `spark` is not needed; a result that names no pipeline belongs to the
    one of the `schema`."""

    def __init__(
        self, spark: Any = None, schema: str = "monitoring", table_name: str = "pipeline_logs", **more: Any
    ) -> None:
        self.schema = schema
        self.table_name = table_name

    def create_table(self, result: Any) -> None:
        """There is no table to make: it is an append."""
        self.append(result)

    def append(self, result: Any) -> None:
        """Sends a result as a run with its steps. Reads what there is of `status` or `success`, `run_id`, `run_mode`,
        `errors`, `metrics` and the results of bronze, silver and gold steps, as attributes or keys."""
        for row in self._rows_of(result):
            send_row(row)
        flush()

    def _rows_of(self, result: Any) -> List[Dict[str, Any]]:
        metrics = _get(result, "metrics")
        start, end = _span_of(result, metrics)
        errors = [str(error) for error in _get(result, "errors") or [] if error]
        status = _word(_get(result, "status"))
        success = _get(result, "success")
        is_good = status.lower() in _GOOD if status else bool(success) and not errors
        run = {
            "pipeline_name": _get(result, "pipeline_name", "pipeline_id", "name") or self.schema,
            "run_id": str(_get(result, "run_id", "execution_id") or uuid.uuid4()),
        }
        mode = _word(_get(result, "run_mode", "mode"))
        steps = [
            row
            for layer in ("bronze", "silver", "gold")
            for row in _step_rows(run, layer, _get(result, f"{layer}_results"))
        ]
        told = {"start_time": start, "run_mode": mode.lower() or None}
        return [
            {**run, "event_type": "RUN_START", "status": "RUNNING", **told},
            *steps,
            {
                **run,
                "event_type": "RUN_END",
                "status": "SUCCESS" if is_good and not errors else "FAILED",
                **told,
                "end_time": end,
                "duration_sec": _get(metrics, "total_duration_secs", "duration_secs"),
                "records_out": _get(metrics, "total_rows_written", "rows_written"),
                "records_in": _get(metrics, "total_rows_processed", "rows_processed"),
                "error_message": "; ".join(errors) or None,
                "log_table": f"{self.schema}.{self.table_name}",
            },
        ]


def _step_rows(run: Dict[str, Any], layer: str, results: Any) -> List[Dict[str, Any]]:
    if not isinstance(results, Mapping):
        return []
    rows = []
    for name, told in results.items():
        status = _word(_get(told, "status")).lower()
        is_bad = status not in ("", *_GOOD) or _get(told, "success") is False or _get(told, "error")
        rows.append(
            {
                **run,
                "event_type": "STEP_END",
                "step_name": f"{layer}/{name}",
                "status": "FAILED" if is_bad else "SUCCESS",
                "start_time": as_utc(_get(told, "start_time")),
                "end_time": as_utc(_get(told, "end_time")) or now(),
                "duration_sec": _get(told, "duration_secs", "duration"),
                "records_in": _get(told, "rows_processed", "input_rows"),
                "records_out": _get(told, "rows_written"),
                "validation_rate": _get(told, "validation_rate"),
                "error_message": str(_get(told, "error")) if _get(told, "error") else None,
            }
        )
    return rows


def _span_of(result: Any, metrics: Any) -> Tuple[Any, Any]:
    """A result that has only a duration has just ended."""
    start = as_utc(_get(result, "run_started_at", "start_time", "started_at"))
    end = as_utc(_get(result, "run_ended_at", "end_time", "ended_at")) or now()
    seconds = _get(metrics, "total_duration_secs", "duration_secs")
    if start is None and isinstance(end, datetime) and isinstance(seconds, (int, float)):
        start = end - timedelta(seconds=seconds)
    return start, end


def _get(holder: Any, *names: str) -> Any:
    for name in names:
        value = holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)
        if value is not None:
            return value
    return None


def _word(value: Any) -> str:
    return "" if value is None else str(getattr(value, "value", value))
