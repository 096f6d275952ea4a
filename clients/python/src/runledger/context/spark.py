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


def executor_memory_mb(spark: Any) -> Optional[float]:
    """What all executors have in use for storage, as Spark tells it; None where it cannot be asked."""
    try:
        status = spark.sparkContext._jsc.sc().getExecutorMemoryStatus()
        values = status.values().iterator()
        used = 0
        while values.hasNext():
            pair = values.next()
            used += int(pair._1()) - int(pair._2())
        return used / 1_048_576
    except Exception:
        return None
