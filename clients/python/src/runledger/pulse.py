"""Keeps the promise of a run to send something every so often."""

from __future__ import annotations

import threading
from typing import Callable, Optional, Set

from .runtime import Runtime

#: The promise that `run` makes for a run that makes none itself: an event at least every minute.
DEFAULT_HEARTBEAT_MS = 60_000


class Pulse:
    """Calls `beat` once the run has been silent for `interval_ms`. All pulses of a process share one thread, which never
    keeps the process alive and beats while the host's own code computes."""

    def __init__(self, runtime: Runtime, interval_ms: float, beat: Callable[[], None]) -> None:
        self._runtime = runtime
        self._interval_ms = interval_ms
        self._beat = beat
        self._last_ms = runtime.elapsed()
        _BEATER.add(self)

    def heard(self) -> None:
        """The run sent something: it is not silent."""
        self._last_ms = self._runtime.elapsed()

    def stop(self) -> None:
        """No beat begins after this."""
        _BEATER.remove(self)

    def due_in_s(self) -> float:
        return (self._last_ms + self._interval_ms - self._runtime.elapsed()) / 1000

    def beat(self) -> None:
        # A beat is an event of the run: `heard` is called by what it sends. Where nothing was sent, the next is as far.
        self.heard()
        self._beat()


class _Beater:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """In a process that was forked: the parent beats for its runs."""
        self._changed = threading.Condition(threading.RLock())
        self._pulses: Set[Pulse] = set()
        self._thread: Optional[threading.Thread] = None

    def add(self, pulse: Pulse) -> None:
        with self._changed:
            self._pulses.add(pulse)
            if self._thread is None or not self._thread.is_alive():
                thread = threading.Thread(target=self._work, name="runledger-heartbeat", daemon=True)
                try:
                    thread.start()
                except RuntimeError:
                    # The interpreter ends: there is nothing to wait for.
                    return
                self._thread = thread
            self._changed.notify_all()

    def remove(self, pulse: Pulse) -> None:
        with self._changed:
            self._pulses.discard(pulse)

    def _work(self) -> None:
        while True:
            with self._changed:
                wait_s = min((pulse.due_in_s() for pulse in self._pulses), default=None)
                if wait_s is None or wait_s > 0:
                    self._changed.wait(wait_s)
                due = [pulse for pulse in self._pulses if pulse.due_in_s() <= 0]
            for pulse in due:
                try:
                    pulse.beat()
                except Exception:
                    # One run's beat must not cost the others theirs.
                    continue


_BEATER = _Beater()
reset_after_fork = _BEATER.reset
