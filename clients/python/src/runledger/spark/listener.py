"""Hears of each query of a session that ends, from Spark's own bus of events."""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass, field
from typing import Any, List, Optional

from .plans import Query, query_of

_TIMEOUT_MS = 5_000


@dataclass(eq=False)
class OpenBlock:
    thread: int
    queries: List[Query] = field(default_factory=list)
    problem: Optional[Exception] = None


class SparkListener:
    """An object of Python that the JVM calls, as Spark's `QueryExecutionListener`."""

    class Java:
        implements = ["org.apache.spark.sql.util.QueryExecutionListener"]

    def __init__(self, spark: Any) -> None:
        from pyspark.java_gateway import ensure_callback_server_started

        self._context = spark.sparkContext._jsc.sc()
        self._lock = threading.RLock()
        self._blocks: List[OpenBlock] = []
        ensure_callback_server_started(spark.sparkContext._gateway)
        # For good: each time that an object of Python is handed to the JVM it is another one there, so that none can be
        # taken back.
        spark._jsparkSession.listenerManager().register(self)

    def open(self) -> OpenBlock:
        # What ended before the block is none of its queries.
        self._drain()
        with self._lock:
            block = OpenBlock(threading.get_ident())
            self._blocks.append(block)
            if len({each.thread for each in self._blocks}) > 1:
                for each in self._blocks:
                    each.problem = RuntimeError(
                        "Expected blocks of `spark_counts` to be in one thread at a time, got several at once: "
                        "what Spark read and wrote in them is not counted"
                    )
            return block

    def close(self, block: OpenBlock) -> List[Query]:
        """Raises when it does not know all of them."""
        try:
            self._drain()
        finally:
            with self._lock:
                self._blocks.remove(block)
        if block.problem is not None:
            raise block.problem
        return block.queries

    def onSuccess(self, name: str, execution: Any, duration_ns: int) -> None:
        """Called by Spark, in a thread of its own."""
        if not self._blocks:
            return
        try:
            query = query_of(execution)
        except Exception as error:
            for block in self._blocks:
                block.problem = error
            return
        with self._lock:
            for block in self._blocks:
                block.queries.append(query)

    def onFailure(self, name: str, execution: Any, error: Any) -> None:
        """What a failed query has read so far is no count of anything."""

    def _drain(self) -> None:
        """Spark tells of a query a moment after it has ended."""
        self._context.listenerBus().waitUntilEmpty(_TIMEOUT_MS)


_lock = threading.RLock()
#: By session of the JVM.
_listeners: "weakref.WeakKeyDictionary[Any, SparkListener]" = weakref.WeakKeyDictionary()


def listening(spark: Any) -> SparkListener:
    """Raises where there is no session, or one without a JVM in this process."""
    if spark is None or not hasattr(spark, "_jsparkSession"):
        got = "none" if spark is None else f"a {type(spark).__name__} of {type(spark).__module__}"
        raise TypeError(f"`spark`: expected a session of Spark in this process, got {got}: its records are not counted")
    with _lock:
        found = _listeners.get(spark)
        if found is None:
            found = _listeners[spark] = SparkListener(spark)
        return found
