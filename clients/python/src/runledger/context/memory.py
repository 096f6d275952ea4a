"""How much memory is used, for heartbeats."""

from __future__ import annotations

import os
import sys
from typing import Dict, Optional

from .spark import executor_memory_mb, session


def memory_metrics() -> Dict[str, float]:
    """Of this process, and of Spark's executors where the host has a session. Best effort: never raises."""
    own = process_memory_mb()
    found = {**({} if own is None else {"memory_used_mb": own}), **_of_executors()}
    return {name: round(value, 1) for name, value in found.items()}


def process_memory_mb() -> Optional[float]:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1_048_576
    except (OSError, ValueError, IndexError):
        return _peak_mb()


def _peak_mb() -> Optional[float]:
    """Where there is no /proc: the most that was ever used."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1_048_576 if sys.platform == "darwin" else peak / 1024


def _of_executors() -> Dict[str, float]:
    try:
        spark = session()
        return {} if spark is None else executor_memory_mb(spark)
    except Exception:
        return {}
