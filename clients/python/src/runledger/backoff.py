"""How long to wait before trying again."""

from __future__ import annotations

from typing import Callable


def backoff_s(failures: int, base_s: float, max_s: float, random: Callable[[], float]) -> float:
    """Exponential backoff with full jitter. `failures`: how many have happened so far, from 1."""
    return random() * min(max_s, base_s * 2.0 ** min(failures - 1, 32))
