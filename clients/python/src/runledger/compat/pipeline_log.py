"""Stands in for a `pipeline_log` table that incremental pipelines read their last run from."""

from __future__ import annotations

import os
import sys
from datetime import timedelta, timezone
from typing import Any, Dict, List, Mapping, Optional

from ..live_table import LedgerUnavailable
from ..watermark import ask, read_watermark
from .rows import now, send_row

_pipeline_name: Optional[str] = None


def use_pipeline(pipeline_name: str, profiles: Optional[Mapping[str, Mapping[str, Any]]] = None) -> Dict[str, Any]:
    """Says which pipeline this process is. `profiles` are those of the environments; the one that the variable
    `ENVIRONMENT` names counts, is returned, and may rename the pipeline. Without this call, the pipeline is the
    `PIPELINE_NAME` of the module that calls."""
    global _pipeline_name
    profile = dict((profiles or {}).get(os.environ.get("ENVIRONMENT", ""), {}))
    _pipeline_name = str(profile.get("pipeline_name") or pipeline_name)
    return profile


def create_log_entry(
    spark: Any,
    last_run_ts: Any,
    current_run_ts: Any,
    status: str,
    records_processed: Any = 0,
    processing_time: Any = None,
    error_message: Optional[str] = None,
) -> None:
    """One row for one run. `spark` is not needed; timestamps are milliseconds since 1970, or datetimes."""
    send_row(
        {
            "pipeline_name": _name_of(sys._getframe(1).f_globals),
            "environment": os.environ.get("RUNLEDGER_ENVIRONMENT") or os.environ.get("ENVIRONMENT"),
            "last_run_timestamp": last_run_ts,
            "current_run_timestamp": current_run_ts,
            "status": status,
            "records_processed": records_processed,
            "processing_time_seconds": processing_time,
            "error_message": error_message or None,
        }
    )


def get_last_run_timestamp(spark: Any = None) -> Optional[int]:
    """Milliseconds since 1970 that the last successful run reached; None: there was none. Raises `LedgerUnavailable`
    when the ledger cannot be asked: a full load by mistake would be worse."""
    environment = os.environ.get("RUNLEDGER_ENVIRONMENT") or os.environ.get("ENVIRONMENT")
    reached = read_watermark(_name_of(sys._getframe(1).f_globals), environment).data_until
    return None if reached is None else round(reached.astimezone(timezone.utc).timestamp() * 1000)


def get_pipeline_status(spark: Any = None, days: int = 7) -> List[Dict[str, Any]]:
    """Prints the runs of the last days as a table, the newest first, and returns them. Asks a ledger over HTTP: the live
    table alone cannot tell."""
    name = _name_of(sys._getframe(1).f_globals).replace("'", "''")
    since = now() - timedelta(days=days)
    try:
        rows = ask(
            "select process_name as pipeline_name, data_interval_start as last_run_time, "
            "coalesce(data_interval_end, start_time) as current_run_time, status, records_out as records_processed, "
            "duration_ms / 1e3 as processing_time_seconds, error_message from current_runs "
            f"where process_name = '{name}' and run_date >= date '{since:%Y-%m-%d}' "
            "order by coalesce(data_interval_end, start_time) desc limit 1000",
            os.environ,
        )
    except LedgerUnavailable as error:
        print(f"There is no status: {error}")
        return []
    _show(rows)
    return rows


def _name_of(caller: Mapping[str, Any]) -> str:
    return _pipeline_name or str(caller.get("PIPELINE_NAME") or "unnamed")


def _show(rows: List[Dict[str, Any]]) -> None:
    names = list(rows[0]) if rows else ["pipeline_name", "last_run_time", "current_run_time", "status"]
    cells = [["" if row[name] is None else str(row[name]) for name in names] for row in rows]
    widths = [max(len(line[column]) for line in [names, *cells]) for column in range(len(names))]
    rule = "+" + "+".join("-" * width for width in widths) + "+"
    print(rule)
    for at, line in enumerate([names, *cells]):
        print("|" + "|".join(cell.rjust(width) for cell, width in zip(line, widths)) + "|")
        if at == 0:
            print(rule)
    print(rule)
