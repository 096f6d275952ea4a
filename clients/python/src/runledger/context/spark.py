"""Spark, where the host has a session."""

from __future__ import annotations

import sys
from typing import Any, Dict, Optional


def session() -> Any:
    """The active session; None when the host has none. It starts none."""
    sql = sys.modules.get("pyspark.sql")
    kind = getattr(sql, "SparkSession", None)
    if kind is None:
        return None
    active = getattr(kind, "getActiveSession", None)
    return (active() if active else None) or getattr(kind, "_instantiatedSession", None)


def conf(spark: Any, *keys: str) -> Optional[str]:
    """The first of these settings that there is."""
    for key in keys:
        try:
            value = spark.conf.get(key, None)
        except Exception:
            # Spark Connect refuses keys that it does not know.
            continue
        if value not in (None, ""):
            return str(value)
    return None


def found() -> Dict[str, Any]:
    spark = session()
    if spark is None:
        return {}
    count = conf(spark, "spark.executor.instances")
    return {
        "cluster": {
            "spark_version": getattr(spark, "version", None),
            "executor_count": int(count) if count and count.isdigit() else None,
            "cluster_id": conf(spark, "spark.app.id"),
        },
        "user": conf(spark, "spark.sparkUser"),
    }


#: Each is asked for with several calls to the JVM.
_MAX_EXECUTORS = 500


def executor_memory_mb(spark: Any) -> Dict[str, float]:
    """What Spark tells of its live executors, summed up: what their blocks take now, and the most that their JVMs have
    taken so far, where the executors have told it. Empty where Spark cannot be asked, as over Spark Connect."""
    used = peak = 0
    try:
        executors = spark.sparkContext._jsc.sc().statusStore().executorList(True)
        for at in range(min(executors.size(), _MAX_EXECUTORS)):
            executor = executors.apply(at)
            used += int(executor.memoryUsed())
            told = executor.peakMemoryMetrics()
            if told.isDefined():
                names = ("JVMHeapMemory", "JVMOffHeapMemory", "ProcessTreePythonRSSMemory")
                peak += sum(int(told.get().getMetricValue(name)) for name in names)
    except Exception:
        return {}
    found = {"executor_memory_used_mb": used, "executor_memory_peak_mb": peak}
    return {name: value / 1_048_576 for name, value in found.items() if value > 0}
