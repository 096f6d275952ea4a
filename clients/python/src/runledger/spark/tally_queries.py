"""Adds what queries read and wrote to a step or a run."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

from ..work import Work
from .plans import Query, Read, Written


def tally(work: Work, queries: List[Query]) -> None:
    """`queries` in the order in which they ended."""
    writing = [query for query in queries if query.written]
    reads = _from_outside(writing) if writing else _fullest(queries)
    for paths, of_paths in _grouped(reads).items():
        records, size_bytes = _sum([one.records for one in of_paths]), _sum([one.size_bytes for one in of_paths])
        work.count(records_in=records, data_size_bytes_in=size_bytes)
        # How many came from which of several paths is not known.
        known = {"records": records, "size_bytes": size_bytes} if len(paths) == 1 else {}
        for path in paths:
            work.source(path, type=of_paths[0].type, **known)
    last_read = {path: at for at, query in enumerate(writing) for read in query.reads for path in read.paths}
    written: Dict[str, List[Written]] = {}
    for at, query in enumerate(writing):
        for one in query.written:
            written.setdefault(one.path, []).append(one)
            # What a later query reads is on its way, and did not come out.
            if last_read.get(one.path, -1) <= at:
                work.count(records_out=one.records, data_size_bytes_out=one.size_bytes)
    for path, of_path in written.items():
        records, size_bytes = _sum([one.records for one in of_path]), _sum([one.size_bytes for one in of_path])
        work.target(path, type=of_path[0].type, records=records, size_bytes=size_bytes)


def _from_outside(queries: List[Query]) -> List[Read]:
    """What an earlier query wrote did not come in. What two queries share, as a cached table, was read once."""
    found: Dict[int, Read] = {}
    written: set[str] = set()
    for query in queries:
        found.update({read.counter: read for read in query.reads if not written.intersection(read.paths)})
        written.update(one.path for one in query.written)
    return list(found.values())


def _fullest(queries: List[Query]) -> List[Read]:
    """Of several looks at the same files, as for a schema and a count, the one that saw most."""
    reads = [read for query in queries for read in query.reads]
    tables = [path for read in reads if read.type != "text" for path in read.paths]
    fullest: Dict[Tuple[str, ...], Read] = {}
    for read in reads:
        # Spark reads CSV and JSON as text first, for their columns.
        if read.type == "text" and any(path.startswith(table) for path in read.paths for table in tables):
            continue
        best = fullest.get(read.paths)
        if best is None or read.records > best.records:
            fullest[read.paths] = read
    return list(fullest.values())


def _grouped(reads: List[Read]) -> Dict[Tuple[str, ...], List[Read]]:
    groups: Dict[Tuple[str, ...], List[Read]] = {}
    for read in reads:
        groups.setdefault(read.paths, []).append(read)
    return groups


def _sum(numbers: List[Optional[int]]) -> Optional[int]:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
