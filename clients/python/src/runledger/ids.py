"""Ids of events and runs."""

from __future__ import annotations

import threading

from .runtime import Runtime

_IDS_PER_MS = 4096


class TimeOrderedIds:
    """Makes UUIDs of version 7 that sort in the order they were made, also within one millisecond and when the clock
    is set back: the ledger breaks ties of time by id."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lock = threading.RLock()
        self._ms = 0
        self._count = 0

    def __call__(self) -> str:
        with self._lock:
            now = int(self._runtime.now())
            if now > self._ms:
                self._ms, self._count = now, 0
            else:
                self._count += 1
                if self._count == _IDS_PER_MS:
                    self._ms, self._count = self._ms + 1, 0
            time = f"{self._ms:012x}"
            # A version 4 UUID is random where version 7 is: its last two groups are taken as they are.
            return f"{time[:8]}-{time[8:]}-7{self._count:03x}-{self._runtime.uuid()[19:]}"
