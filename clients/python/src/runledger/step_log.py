"""The steps of one run by name: their order, their tries, and their outcomes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, Dict, Optional, Tuple

from .event import Columns
from .wire_value import Complain, attempt, read_count, read_text


@dataclass
class _Tries:
    step_index: Optional[int]
    attempts: int = 0
    open: int = 0
    #: The error of a try that failed, until a later one ends well.
    failure: Optional[Columns] = None


@dataclass
class StepLog:
    complain: Complain
    #: The order that the last step so far has. None: in a process that joins a run without knowing how far it is, steps
    #: have no order.
    last_index: Optional[int] = 0
    _steps: Dict[Tuple[str, Optional[int]], _Tries] = field(default_factory=dict)
    _lock: Any = field(default_factory=threading.RLock)

    def open(self, name: Any, step_index: Any = None, number: Any = None, map_index: Any = None) -> Columns:
        """Numbers a try that starts now, and returns the columns that name it."""
        step_name = attempt(lambda: read_text(name, "step_name", self.complain), self.complain) or "unnamed"
        given = attempt(lambda: read_count(step_index, "step_index", self.complain), self.complain)
        instance = attempt(lambda: read_count(map_index, "map_index", self.complain), self.complain)
        this_try = attempt(lambda: read_count(number, "attempt", self.complain), self.complain)
        with self._lock:
            index = given if given is not None else self._index_of(step_name)
            tries = self._steps.setdefault((step_name, instance), _Tries(index))
            if self.last_index is not None and index is not None:
                self.last_index = max(self.last_index, index)
            tries.attempts = this_try or tries.attempts + 1
            tries.open += 1
            subject: Columns = {"step_name": step_name, "step_index": index, "attempt": tries.attempts}
            return subject if instance is None else {**subject, "map_index": instance}

    def index_of(self, name: Any, step_index: Any = None) -> Optional[int]:
        """The order that a step would have if it started now. None: it has none."""
        step_name = attempt(lambda: read_text(name, "step_name", self.complain), self.complain) or "unnamed"
        given = attempt(lambda: read_count(step_index, "step_index", self.complain), self.complain)
        with self._lock:
            return given if given is not None else self._index_of(step_name)

    def close(self, subject: Columns, status: str, error: Optional[Columns]) -> None:
        with self._lock:
            tries = self._steps.get((subject["step_name"], subject.get("map_index")))
            if tries:
                tries.open -= 1
                tries.failure = error if status == "FAILED" else None

    def failure(self) -> Optional[Columns]:
        """The error for a run whose code chose no end: that of a failed or running step. None: the run succeeded."""
        with self._lock:
            for tries in self._steps.values():
                if tries.failure:
                    return tries.failure
            for (name, _), tries in self._steps.items():
                if tries.open > 0:
                    return {
                        "error_code": "U900",
                        "message": f'The run ended while its step "{name}" was still running: end every step, or '
                        "choose how the run ends (succeed, fail, end).",
                    }
        return None

    def _index_of(self, step_name: str) -> Optional[int]:
        """Instances of one name share its place in the order."""
        for (name, _), tries in self._steps.items():
            if name == step_name:
                return tries.step_index
        return None if self.last_index is None else self.last_index + 1
