"""What a run and a step can both report."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Callable, Mapping, Optional

from .error_info import error_info_of
from .event import Columns
from .log_tail import LogTail
from .runtime import Runtime, iso_of
from .tally import Tally, read_quality
from .wire_value import Complain, attempt, plain, read_map, read_number, read_text


@dataclass(frozen=True)
class Verdict:
    """The end that the pipeline's code chose for a run or step."""

    #: One of `EndStatus`; at the end of a run also a word that only the ledger can read.
    status: str
    error: Optional[Columns] = None
    message: Optional[str] = None


@dataclass
class WorkContext:
    """What a run and its steps share."""

    #: Stamps and sends an event. Never raises.
    emit: Callable[[Columns], None]
    complain: Complain
    runtime: Runtime
    log_tail: Optional[LogTail]


class Work:
    """No method raises, whatever its arguments are and whatever the transport does."""

    def __init__(self, context: WorkContext, subject: Columns) -> None:
        self._context = context
        #: The columns that name the step; empty for a run.
        self._subject = subject
        self._tally = Tally(context.complain)
        self._started_ms = context.runtime.elapsed()
        self._start_time = iso_of(context.runtime.now())
        self._verdict: Optional[Verdict] = None
        self._pid = os.getpid()
        # A signal handler may end a run whose own code is at it.
        self._lock = threading.RLock()

    @property
    def verdict(self) -> Optional[str]:
        """The end chosen so far by `fail`, `skip` or `succeed`; None: none."""
        return self._verdict.status if self._verdict else None

    def records(self, in_: Any = None, out: Any = None) -> None:
        """Adds to the counts of records that its END reports."""
        self.count(records_in=in_, records_out=out)

    def bytes(self, in_: Any = None, out: Any = None) -> None:
        """Adds to the counts of bytes that its END reports."""
        self.count(data_size_bytes_in=in_, data_size_bytes_out=out)

    def count(
        self,
        *,
        records_in: Any = None,
        records_out: Any = None,
        data_size_bytes_in: Any = None,
        data_size_bytes_out: Any = None,
    ) -> None:
        """Adds to the counts that its END reports."""
        counts = {
            "records_in": records_in,
            "records_out": records_out,
            "data_size_bytes_in": data_size_bytes_in,
            "data_size_bytes_out": data_size_bytes_out,
        }
        with self._lock:
            self._quietly(lambda: self._tally.count(counts))

    def source(
        self, path: Any, *, type: Any = None, size_bytes: Any = None, records: Any = None, schema: Any = None
    ) -> None:
        """Adds a source that it read; its END lists it. Call it once for each. `schema`: its fields with their types, as a
        map, as pairs, or as a frame or schema of pandas, polars, pyarrow or Spark has them."""
        row = {"type": type, "path": path, "size_bytes": size_bytes, "records": records, "schema": schema}
        with self._lock:
            self._quietly(lambda: self._tally.source(row))

    def target(
        self,
        path: Any,
        *,
        type: Any = None,
        size_bytes: Any = None,
        records: Any = None,
        partition: Any = None,
        schema: Any = None,
    ) -> None:
        """Adds a target that it wrote; its END lists it. Call it once for each. `schema` as that of a source."""
        row = {
            **{"type": type, "path": path, "size_bytes": size_bytes, "records": records},
            **{"partition": partition, "schema": schema},
        }
        with self._lock:
            self._quietly(lambda: self._tally.target(row))

    def metric(self, name: Any, value: Any) -> None:
        """Sets a metric; the last value of a name wins. Its END reports it."""
        with self._lock:
            self._quietly(lambda: self._tally.metric(name, value))

    def metrics(self, values: Optional[Mapping[str, Any]] = None, **more: Any) -> None:
        """Sets several metrics."""
        for name, value in (attempt(lambda: {**(values or {}), **more}, self._context.complain) or {}).items():
            self.metric(name, value)

    def quality(
        self,
        check_name: Any,
        success: Any,
        *,
        dataset: Any = None,
        severity: Any = None,
        expected: Any = None,
        actual: Any = None,
        records_checked: Any = None,
        records_failed: Any = None,
    ) -> None:
        """Reports the result of a data-quality check now (QUALITY). A failed check fails neither run nor step."""
        result = {
            "dataset": dataset,
            "check_name": check_name,
            "success": success,
            "severity": severity,
            "expected": expected,
            "actual": actual,
            "records_checked": records_checked,
            "records_failed": records_failed,
        }

        def report() -> None:
            row = read_quality(result, "quality", self._context.complain)
            if row:
                self._emit({"event_type": "QUALITY", "quality": [row]})

        self._quietly(report)

    def heartbeat(self, message: Any = None, metrics: Any = None) -> None:
        """Reports that it is alive (HEARTBEAT)."""
        self._quietly(
            lambda: self._emit(
                {
                    "event_type": "HEARTBEAT",
                    "message": self._text(message),
                    "metrics": self._numbers(metrics),
                    **self._heartbeat_columns(),
                }
            )
        )

    def checkpoint(self, message: Any, metrics: Any = None) -> None:
        """Reports progress (CHECKPOINT), with metrics of this moment."""
        self._quietly(
            lambda: self._emit(
                {"event_type": "CHECKPOINT", "message": self._text(message), "metrics": self._numbers(metrics)}
            )
        )

    def error(self, error: Any, *, error_code: Any = None, retryable: Any = None, message: Any = None) -> None:
        """Reports an error after which the work goes on (ERROR). One error object is reported once."""
        details = {"error_code": error_code, "retryable": retryable, "message": message}
        self._quietly(lambda: self._report(error, details))

    def fail(self, error: Any, *, error_code: Any = None, retryable: Any = None, message: Any = None) -> None:
        """Reports an error (ERROR) and chooses FAILED as the end."""
        details = {"error_code": error_code, "retryable": retryable, "message": message}
        self._quietly(lambda: self._choose_end(Verdict("FAILED", self._report(error, details))))

    def _choose_end(self, verdict: Verdict) -> None:
        """The last call wins."""
        self._verdict = verdict

    def _emit(self, body: Columns) -> None:
        self._context.emit({**body, **self._subject})

    def _text(self, message: Any) -> Optional[str]:
        complain = self._context.complain
        return attempt(lambda: read_text(message, "message", complain), complain)

    def _numbers(self, metrics: Any) -> Optional[Columns]:
        complain = self._context.complain
        return attempt(lambda: read_map(read_number)(metrics, "metrics", complain), complain)

    def _heartbeat_columns(self) -> Columns:
        return {}

    def _emit_start(self, event_type: str, columns: Optional[Columns] = None) -> None:
        self._emit(
            {"event_type": event_type, "status": "RUNNING", "start_time": self._start_time, **(columns or {})}
        )

    def _emit_end(
        self, event_type: str, verdict: Verdict, columns: Optional[Callable[[int], Columns]] = None
    ) -> None:
        runtime = self._context.runtime
        # Rounded half up, as JavaScript does.
        duration_ms = max(0, int(runtime.elapsed() - self._started_ms + 0.5))
        with self._lock:
            counted = self._tally.columns()
        self._emit(
            {
                "event_type": event_type,
                "status": verdict.status,
                "start_time": self._start_time,
                "end_time": iso_of(runtime.now()),
                "duration_ms": duration_ms,
                "message": self._text(verdict.message),
                "error": verdict.error,
                **counted,
                **(columns(duration_ms) if columns else {}),
            }
        )

    def _report(self, thrown: Any, details: Columns) -> Columns:
        before = _reported(thrown, self._context)
        if before:
            return before
        complain = self._context.complain
        error = attempt(lambda: error_info_of(thrown, details), complain) or error_info_of(
            "an error that cannot be read", {}
        )
        _remember(thrown, self._context, error)
        log_lines = self._context.log_tail.lines() if self._context.log_tail else None
        self._emit({"event_type": "ERROR", "error": error, "log_tail": log_lines or None})
        return error

    def _quietly(self, act: Callable[[], Any]) -> None:
        attempt(act, self._context.complain)


def as_ms(value: Any) -> Any:
    """A duration in milliseconds, of a timedelta too, and of numpy's and pandas'."""
    value = plain(value)
    return round(value / timedelta(milliseconds=1)) if isinstance(value, timedelta) else value


#: Errors cannot be referred to weakly, and keeping them would keep their frames: they remember it themselves.
_MARK = "__runledger_reported__"


def _reported(thrown: Any, context: WorkContext) -> Optional[Columns]:
    marks = getattr(thrown, "__dict__", {}).get(_MARK) if isinstance(thrown, BaseException) else None
    return marks.get(id(context)) if isinstance(marks, dict) else None


def _remember(thrown: Any, context: WorkContext, error: Columns) -> None:
    if isinstance(thrown, BaseException):
        try:
            thrown.__dict__.setdefault(_MARK, {})[id(context)] = error
        except Exception:
            # An error that takes no attribute may be reported twice.
            return
