"""Reports to Runledger what a data pipeline does: runs, steps, counts, lineage, quality checks and errors. It never
breaks the pipeline.

    import runledger

    with runledger.run("orders", environment="prod") as run:
        with run.step("extract") as step:
            rows = read_orders()
            step.source("s3://raw/orders/", type="s3", records=len(rows))
"""

from __future__ import annotations

from ._version import VERSION as __version__
from .default import (
    close,
    configure,
    current_run,
    current_step,
    flush,
    log_tail,
    pipeline,
    run,
    start_run,
    stats,
    step,
    watermark,
)
from .event import EndStatus
from .ledger import Ledger, LedgerStats
from .live_table import LedgerUnavailable
from .log_tail import LogTail
from .run import Run
from .step import Step
from .transports import (
    ConsoleTransport,
    FileTransport,
    FirehoseTransport,
    HttpTransport,
    RecordingTransport,
    S3Transport,
    Transport,
    TransportError,
)
from .watermark import Watermark

__all__ = [
    "ConsoleTransport",
    "EndStatus",
    "FileTransport",
    "FirehoseTransport",
    "HttpTransport",
    "Ledger",
    "LedgerStats",
    "LedgerUnavailable",
    "LogTail",
    "RecordingTransport",
    "Run",
    "S3Transport",
    "Step",
    "Transport",
    "TransportError",
    "Watermark",
    "__version__",
    "close",
    "configure",
    "current_run",
    "current_step",
    "flush",
    "log_tail",
    "pipeline",
    "run",
    "start_run",
    "stats",
    "step",
    "watermark",
]
