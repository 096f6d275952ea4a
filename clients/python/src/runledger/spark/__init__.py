"""Counts what Spark reads and writes into a step or a run, from Spark's own metrics:

    with run.step("clean") as step, spark_counts(step):
        spark.read.parquet("s3://raw/orders").dropna().write.parquet("s3://lake/orders")

For Spark 3.5 and 4 in this process; the session of Spark Connect keeps its metrics to itself."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Iterator, Optional

from ..context.spark import session
from ..wire_value import attempt
from ..work import Work
from .listener import listening
from .tally_queries import tally

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["spark_counts"]


@contextmanager
def spark_counts(work: Work, spark: Optional[SparkSession] = None) -> Iterator[None]:
    """What the queries of this block read and wrote becomes sources, targets, and counts of records and bytes of `work`, a
    step or a run. `spark` is the active session by default.

    Queries that write tell what was read; a block that writes nothing has read what its queries read. A query that failed
    counts nothing. Waits for Spark at most five seconds, at the start and at the end of the block; never raises. Of blocks
    in several threads at once nothing is counted, because Spark does not tell which thread a query was of."""
    complain = work._context.complain
    listener = attempt(lambda: listening(spark or session()), complain)
    block = attempt(listener.open, complain) if listener is not None else None
    try:
        yield
    finally:
        if listener is not None and block is not None:
            queries = attempt(lambda: listener.close(block), complain)
            attempt(lambda: tally(work, queries or []), complain)
