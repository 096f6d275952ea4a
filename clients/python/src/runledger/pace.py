"""When to send: one interval after the first line, and after a failure only when a pause is over."""

from __future__ import annotations

from typing import Optional

from .backoff import backoff_s
from .runtime import Runtime

#: The longest pause between two tries of its own. The ledger may ask for longer ones, up to the second.
_MAX_PAUSE_S = 30.0
_MAX_RETRY_AFTER_S = 300.0


class Pace:
    def __init__(self, runtime: Runtime, interval_s: float) -> None:
        self._runtime = runtime
        self._interval_s = interval_s
        self._not_before_s = 0.0
        self.failures_in_a_row = 0
        #: When the lines that wait are due; None: none wait.
        self.due_s: Optional[float] = None

    def now_s(self) -> float:
        return self._runtime.elapsed() / 1000

    def line_came(self) -> bool:
        """Whether it is the first of those that wait."""
        if self.due_s is not None:
            return False
        self.due_s = self.now_s() + self._interval_s
        return True

    def some_wait_on(self) -> None:
        """Those that are left after a try are due an interval later."""
        if self.due_s is not None:
            self.due_s = max(self.due_s, self.now_s() + self._interval_s)

    def is_due(self) -> bool:
        return self.due_s is not None and self.now_s() >= self.due_s

    def is_away(self) -> bool:
        """Whether the other side failed, and the pause after that is not over."""
        return self.now_s() < self._not_before_s

    def worked(self) -> None:
        self.failures_in_a_row = 0
        self._not_before_s = 0.0

    def failed(self, failure: Exception) -> None:
        self.failures_in_a_row += 1
        own_s = backoff_s(self.failures_in_a_row, self._interval_s, _MAX_PAUSE_S, self._runtime.random)
        asked_s = min(float(getattr(failure, "retry_after_s", 0) or 0), _MAX_RETRY_AFTER_S)
        self._not_before_s = self.now_s() + max(self._interval_s, own_s, asked_s)

    def wait_s(self, keeps: bool) -> Optional[float]:
        """Until the next thing is due; None: until something comes. `keeps`: lines can be kept elsewhere meanwhile."""
        moments = [self.due_s] if self.due_s is not None else []
        if self.is_away():
            moments = [*(moments if keeps else []), self._not_before_s]
        return max(0.001, min(moments) - self.now_s()) if moments else None
