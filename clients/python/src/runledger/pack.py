"""Packs lines into records: one record of Firehose holds many events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, List

from .buffer import Line
from .line import MAX_RECORD_BYTES

#: The most one call of `PutRecordBatch` takes.
MAX_CALL_RECORDS = 500
MAX_CALL_BYTES = 4 * 1024 * 1024


@dataclass
class PackedRecord:
    """Lines joined into one record: they are sent, and fail, together."""

    lines: List[Line]
    size_bytes: int

    def data(self) -> bytes:
        return b"".join([line.data for line in self.lines])


def pack_call(
    lines: Iterable[Line],
    record_bytes: int = MAX_RECORD_BYTES,
    call_records: int = MAX_CALL_RECORDS,
    call_bytes: int = MAX_CALL_BYTES,
) -> List[PackedRecord]:
    """Packs lines, in their order, into as few records as one call takes, and stops before the line that would exceed
    it. A line is never split: one larger than a record, which `line_of` does not make, is a record of its own."""
    records: List[PackedRecord] = []
    total = 0
    for line in lines:
        size = len(line.data)
        if total > 0 and total + size > call_bytes:
            break
        if records and records[-1].size_bytes + size <= record_bytes:
            records[-1].lines.append(line)
            records[-1].size_bytes += size
        elif len(records) == call_records:
            break
        else:
            records.append(PackedRecord([line], size))
        total += size
    return records
