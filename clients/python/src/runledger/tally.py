"""What a run or step has counted so far; its END carries it."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sized

from .event import Columns
from .schema import read_schema
from .wire_value import (
    MAX_SAFE_INTEGER,
    Complain,
    read_boolean,
    read_count,
    read_number,
    read_row,
    read_text,
)

COUNTS = ("records_in", "records_out", "data_size_bytes_in", "data_size_bytes_out")

#: So many sources, targets and metrics of one run or step are kept: they wait in memory for its end.
MAX_ITEMS = 1_000


class Tally:
    def __init__(self, complain: Complain) -> None:
        self._complain = complain
        self._counts: Dict[str, int] = {}
        self._metrics: Dict[str, float] = {}
        self._sources: List[Columns] = []
        self._targets: List[Columns] = []

    def count(self, counts: Mapping[str, Any]) -> None:
        for name in COUNTS:
            more = read_count(counts.get(name), name, self._complain)
            if more is not None:
                self._counts[name] = min(MAX_SAFE_INTEGER, self._counts.get(name, 0) + more)

    def metric(self, name: Any, value: Any) -> None:
        key = read_text(name, "metric", self._complain)
        number = read_number(value, f"metric {key}", self._complain)
        if key is not None and number is not None and (key in self._metrics or self._has_room(self._metrics)):
            self._metrics[key] = number

    def source(self, source: Mapping[str, Any]) -> None:
        row = read_source(source, "source", self._complain)
        if row and self._has_room(self._sources):
            self._sources.append(row)

    def target(self, target: Mapping[str, Any]) -> None:
        row = read_target(target, "target", self._complain)
        if row and self._has_room(self._targets):
            self._targets.append(row)

    def columns(self) -> Columns:
        """The columns of an END."""
        return {
            **{name: self._counts[name] for name in COUNTS if name in self._counts},
            "input_sources": list(self._sources) or None,
            "output_targets": list(self._targets) or None,
            "metrics": dict(self._metrics) or None,
        }

    def _has_room(self, kept: Sized) -> bool:
        if len(kept) < MAX_ITEMS:
            return True
        self._complain(ValueError(f"expected at most {MAX_ITEMS} sources, targets or metrics each, got one more"))
        return False


_SOURCE = {"type": read_text, "path": read_text, "size_bytes": read_count, "records": read_count, "schema": read_schema}
read_source = read_row(_SOURCE)
read_target = read_row({**_SOURCE, "partition": read_text})
read_quality = read_row(
    {
        "dataset": read_text,
        "check_name": read_text,
        "success": read_boolean,
        "severity": read_text,
        "expected": read_text,
        "actual": read_text,
        "records_checked": read_count,
        "records_failed": read_count,
    }
)
