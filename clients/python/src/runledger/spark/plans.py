"""What a query of Spark read and wrote, from the metrics that Spark itself kept of its plan. Nothing is counted again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Iterator, List, Optional, Tuple


@dataclass(frozen=True)
class Read:
    #: Of Spark's counter of these records: a plan that is used again, as a cached one is, has the same.
    counter: int
    type: Optional[str]
    paths: Tuple[str, ...]
    records: int
    size_bytes: Optional[int]


@dataclass(frozen=True)
class Written:
    type: Optional[str]
    path: str
    records: Optional[int]
    size_bytes: Optional[int]


@dataclass(frozen=True)
class Query:
    reads: Tuple[Read, ...]
    written: Tuple[Written, ...]


def query_of(execution: Any) -> Query:
    """`execution` is a `QueryExecution` of the JVM that has ended."""
    plan = execution.executedPlan()
    return Query(tuple(_reads_in(plan)), tuple(_writes_in(plan)))


def _reads_in(plan: Any) -> Iterator[Read]:
    for leaf in _leaves(plan):
        kind = _kind_of(leaf)
        inner = _within(leaf, kind)
        if inner is not None:
            yield from _reads_in(inner)
        elif kind in _PLACES:
            records = _metric(leaf, "numOutputRows")
            type_, paths = _PLACES[kind](leaf)
            # The log of a table is none of its records.
            if records is not None and not any("/_delta_log" in path for path in paths):
                yield Read(records.id(), type_, paths, _value(records) or 0, _value(_metric(leaf, "filesSize")))


def _within(plan: Any, kind: str) -> Any:
    """What a node hides that counts as a leaf: a plan that adapts while it runs, a stage of one, a cached table. None: it
    hides nothing."""
    if kind == "AdaptiveSparkPlanExec":
        return plan.executedPlan()
    if kind.endswith("QueryStageExec"):
        return plan.plan()
    if kind == "InMemoryTableScanExec":
        return plan.relation().cachedPlan()
    return plan.commandPhysicalPlan() if kind == "CommandResultExec" else None


def _leaves(plan: Any) -> List[Any]:
    return [*_each(plan.collectLeaves()), *(leaf for one in _each(plan.subqueriesAll()) for leaf in _each(one.collectLeaves()))]


def _of_files(scan: Any) -> Tuple[Optional[str], Tuple[str, ...]]:
    relation = scan.relation()
    return str(relation.fileFormat().toString()).lower(), tuple(str(one.toString()) for one in _each(relation.location().rootPaths()))


def _of_table(scan: Any) -> Tuple[Optional[str], Tuple[str, ...]]:
    return None, (str(scan.table().name()),)


def _of_hive(scan: Any) -> Tuple[Optional[str], Tuple[str, ...]]:
    return "hive", (str(scan.relation().tableMeta().identifier().unquotedString()),)


def _of_relation(scan: Any) -> Tuple[Optional[str], Tuple[str, ...]]:
    """`JDBCRelation(orders) [numPartitions=1]`."""
    text = str(scan.relation().toString())
    found = re.match(r"(\w+?)Relation\((.*)\)", text, re.DOTALL)
    return (found[1].lower(), (found[2],)) if found else (None, (text,))


_PLACES = {
    "FileSourceScanExec": _of_files,
    "BatchScanExec": _of_table,
    "HiveTableScanExec": _of_hive,
    "RowDataSourceScanExec": _of_relation,
}


def _writes_in(plan: Any) -> Iterator[Written]:
    kind = _kind_of(plan)
    inner = _within(plan, kind)
    if inner is not None:
        yield from _writes_in(inner)
    elif kind == "DataWritingCommandExec":
        command = plan.cmd()
        records, size = _value(_metric(plan, "numOutputRows")), _value(_metric(plan, "numOutputBytes"))
        if _kind_of(command) == "InsertIntoHiveTable":
            yield Written("hive", str(command.table().identifier().unquotedString()), records, size)
        elif hasattr(command, "outputPath"):
            yield Written(str(command.fileFormat().toString()).lower(), str(command.outputPath().toString()), records, size)


def _metric(plan: Any, name: str) -> Any:
    found = plan.metrics().get(name)
    return found.get() if found.isDefined() else None


def _value(metric: Any) -> Optional[int]:
    """One that was never set is below 0."""
    return None if metric is None or metric.value() < 0 else int(metric.value())


def _kind_of(thing: Any) -> str:
    return str(thing.getClass().getSimpleName())


def _each(sequence: Any) -> Iterator[Any]:
    """Of a collection of Scala."""
    iterator = sequence.iterator()
    while iterator.hasNext():
        yield iterator.next()
