"""How a child process joins the run of its parent: one variable of the environment."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Protocol

#: JSON: `{"run_id": …, "process_name": …, "run_attempt": 1, "environment": …, "root_run_id": …, "step_index": 2}`; only
#: the first two are needed.
JOIN_VARIABLE = "RUNLEDGER_RUN"

#: As this process was started. Later it has what its own children are told.
_INHERITED = os.environ.get(JOIN_VARIABLE)


@dataclass(frozen=True)
class Parent:
    run_id: str
    process_name: str
    run_attempt: int
    environment: Optional[str]
    root_run_id: Optional[str]
    #: The order of its last step, where it told: the steps of this process come after. None: they have no order.
    step_index: Optional[int]


def parent_of_this_process(env: Optional[Mapping[str, str]]) -> Optional[Parent]:
    """None: there is none, or the variable cannot be read. `env` is for tests."""
    try:
        told = json.loads((_INHERITED if env is None else env.get(JOIN_VARIABLE)) or "null")
        if not told or not told.get("run_id") or not told.get("process_name"):
            return None
        return Parent(
            run_id=str(told["run_id"]),
            process_name=str(told["process_name"]),
            run_attempt=int(told.get("run_attempt") or 1),
            environment=told.get("environment"),
            root_run_id=told.get("root_run_id"),
            step_index=None if told.get("step_index") is None else int(told["step_index"]),
        )
    except (ValueError, TypeError, AttributeError):
        return None


class _Telling(Protocol):
    def identity(self) -> Dict[str, object]: ...


_lock = threading.RLock()
_told: Optional[_Telling] = None


def tell_children(run: _Telling, has_ended: bool = False) -> None:
    """Children that inherit `os.environ` join the outermost run that is open. Of two side by side it is the first. Only
    when a run starts or ends, because native threads may read the environment at any moment."""
    global _told
    with _lock:
        if not has_ended:
            if _told is None:
                _told = run
                os.environ[JOIN_VARIABLE] = json.dumps(run.identity())
            return
        if _told is not run:
            return
        _told = None
        if _INHERITED is None:
            os.environ.pop(JOIN_VARIABLE, None)
        else:
            os.environ[JOIN_VARIABLE] = _INHERITED


def reset_after_fork() -> None:
    global _lock
    _lock = threading.RLock()
