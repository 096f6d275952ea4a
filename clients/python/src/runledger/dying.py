"""How runs end when their process does. A process that is killed (SIGKILL, out of memory, `os._exit`) says nothing: its
runs fall silent, and three heartbeats later the ledger calls them lost."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import weakref
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Type

from . import inherit, pulse
from .scope import end_by
from .work import Verdict

if TYPE_CHECKING:
    from .ledger import Ledger
    from .run import Run

#: All of this process, to be ended with it.
LEDGERS: "weakref.WeakSet[Ledger]" = weakref.WeakSet()

_SIGNALS = [number for number in (getattr(signal, name, None) for name in ("SIGTERM", "SIGINT", "SIGHUP")) if number]
_prior: Dict[int, Any] = {}
_is_watching = False


def watch() -> None:
    """Called when a run starts. Signals can be caught from the main thread alone."""
    global _is_watching
    if not _is_watching:
        _is_watching = True
        atexit.register(_at_exit)
        _watch_errors()
        _watch_notebook()
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            _watch_signal(number)


def _watch_signal(number: int) -> None:
    try:
        current = signal.getsignal(number)
        # An ignored signal stays ignored; Python's own handler of SIGINT raises, which ends a run by leaving its block.
        if current in (None, signal.SIG_IGN, signal.default_int_handler, _on_signal):
            return
        _prior[number] = current
        signal.signal(number, _on_signal)
    except (ValueError, OSError):
        # Not the main interpreter.
        return


def _on_signal(number: int, frame: Optional[FrameType]) -> None:
    """Where nobody handles the signal, the runs end CANCELLED and the process dies by it, as it would have. A handler of
    the host decides itself what becomes of its runs: it is told to the ledger, and called."""
    prior = _prior.get(number, signal.SIG_DFL)
    name = signal.Signals(number).name
    if callable(prior):
        for run in _open_runs():
            run.checkpoint(f"{name} received")
        for ledger in list(LEDGERS):
            ledger.flush(2.0)
        prior(number, frame)
        return
    _end_runs(lambda run: run._choose_end(Verdict("CANCELLED", message=name)))
    _close()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _watch_errors() -> None:
    prior = sys.excepthook

    def on_error(kind: Type[BaseException], error: BaseException, trace: Optional[TracebackType]) -> None:
        try:
            _end_runs(lambda run: end_by(run, error))
        finally:
            prior(kind, error, trace)

    sys.excepthook = on_error


def _watch_notebook() -> None:
    """IPython shows errors itself. A run that a cell left open stays open for the next one, unless the cell failed."""
    try:
        shell = sys.modules["IPython"].get_ipython()
        if shell is not None:
            shell.events.register("post_run_cell", _after_cell)
    except Exception:
        return


def _after_cell(result: Any = None) -> None:
    error = getattr(result, "error_in_exec", None)
    if error is not None:
        _end_runs(lambda run: end_by(run, error))


def _at_exit() -> None:
    reason = "The process ended while the run was open: end it with run.end(), or use `with`."
    # Nothing unknown is a success.
    _end_runs(lambda run: run.fail(reason))
    _close()


def _end_runs(choose: Callable[[Run], None]) -> None:
    for run in _open_runs():
        if run.verdict is None:
            choose(run)
        run.end()


def _open_runs() -> List[Run]:
    return [run for ledger in list(LEDGERS) for run in ledger.open_runs()]


def _close() -> None:
    for ledger in list(LEDGERS):
        ledger.close()


def _in_child() -> None:
    inherit.reset_after_fork()
    pulse.reset_after_fork()
    for ledger in list(LEDGERS):
        ledger.after_fork()
    util = sys.modules.get("multiprocessing.util")
    if util is not None:
        # Such a child ends by `os._exit`, after what is registered here once it has begun.
        util.register_after_fork(LEDGERS, lambda _: util.Finalize(None, _close, exitpriority=0))


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
