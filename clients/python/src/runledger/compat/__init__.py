"""Stand-ins for loggers that teams write themselves: a job that has one changes its import, and nothing else.

| was | here |
|---|---|
| `central_logger`: `get_logger`, `BufferedLogger`, `log_run`, `get_context` | `runledger.compat.central_logger` |
| `emit_event(spark, event)`, `log_event(level, …)`, `log_to_s3(event, path)` | `runledger.compat.events` |
| a row of an audit table | `runledger.compat.audit` |
| `create_log_entry`, `get_last_run_timestamp`, `get_pipeline_status` | `runledger.compat.pipeline_log` |
| `LogWriter(…).create_table(result)`, `.append(result)` | `runledger.compat.log_writer` |
| `DataPipelineMonitor`, `DataLineageTracker` | `runledger.compat.monitor` |

All of it is here too: `from runledger.compat import get_logger`.
"""

from __future__ import annotations

from .audit import audit_record
from .central_logger import BufferedLogger, get_context, get_logger, log_run
from .events import emit_event, log_event, log_to_s3
from .log_writer import LogWriter
from .monitor import DataLineageTracker, DataPipelineMonitor, LineageTracker, PipelineMetrics
from .pipeline_log import (
    create_log_entry,
    get_last_run_timestamp,
    get_pipeline_status,
    use_pipeline,
)

__all__ = [
    "BufferedLogger",
    "DataLineageTracker",
    "DataPipelineMonitor",
    "LineageTracker",
    "LogWriter",
    "PipelineMetrics",
    "audit_record",
    "create_log_entry",
    "emit_event",
    "get_context",
    "get_last_run_timestamp",
    "get_logger",
    "get_pipeline_status",
    "log_event",
    "log_run",
    "log_to_s3",
    "use_pipeline",
]
