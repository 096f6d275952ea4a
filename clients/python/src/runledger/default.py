"""The ledger of this process: made from the environment when the first run starts, or by `configure`."""

from __future__ import annotations

import contextlib
import functools
import inspect
import logging
import threading
from typing import Any, Callable, Iterator, Optional, TypeVar, cast, overload

from .ledger import DEFAULT_TIMEOUT_S, Ledger, LedgerStats
from .log_tail import LogTail
from .run import Run
from .scope import OPEN, Scope
from .step import Step
from .watermark import Watermark, read_watermark

Function = TypeVar("Function", bound=Callable[..., Any])

_lock = threading.RLock()
_ledger: Optional[Ledger] = None
_log_tail: Optional[LogTail] = None


def configure(**options: Any) -> Ledger:
    """Sets the ledger of this process. Takes the options of `Ledger`, and raises a TypeError for a wrong one."""
    global _ledger
    with _lock:
        before, _ledger = _ledger, Ledger(**options)
        if _log_tail is not None:
            _ledger.keep_log_tail(_log_tail)
    if before is not None:
        before.close()
    return _ledger


@contextlib.contextmanager
def use_for_a_while(ledger: Ledger) -> Iterator[None]:
    """In tests: this ledger is that of the process within the block."""
    global _ledger
    with _lock:
        before, _ledger = _ledger, ledger
    try:
        yield
    finally:
        with _lock:
            _ledger = before


def default_ledger() -> Ledger:
    global _ledger
    with _lock:
        if _ledger is None:
            _ledger = Ledger()
            if _log_tail is not None:
                _ledger.keep_log_tail(_log_tail)
        return _ledger


def run(process_name: Any = None, **options: Any) -> Scope[Run]:
    """A run of a pipeline: `with runledger.run("orders", environment="prod") as run:`. In a child process of a run of
    that name, or without a name, it joins the parent's."""
    return Scope(lambda: default_ledger().run(process_name, **options).open(), Run._leave)


def start_run(process_name: Any = None, **options: Any) -> Run:
    """For code that is not one block: end it with `run.end()`."""
    return default_ledger().start_run(process_name, **options)


def step(name: Any = None, **options: Any) -> Any:
    """A step of the run that is open here: `with runledger.step("extract") as step:`. Within a step it is called
    `outer/inner`. Also a decorator, with or without a name: `@runledger.step`."""
    if callable(name) and not options:
        return _decorated(name, lambda function: step(function.__name__))
    return Scope(lambda: _step_here(name, options), Step._leave)


@overload
def pipeline(process_name: Function) -> Function: ...
@overload
def pipeline(process_name: Optional[str] = None, **options: Any) -> Callable[[Function], Function]: ...
def pipeline(process_name: Any = None, **options: Any) -> Any:
    """Every call of the function is a run of a pipeline of its name, or of the one given: `@runledger.pipeline`,
    `@runledger.pipeline("orders", owner="team-crm")`."""
    if callable(process_name):
        return _decorated(process_name, lambda function: run(function.__name__))
    return lambda function: _decorated(function, lambda named: run(process_name or named.__name__, **options))


def current_run() -> Optional[Run]:
    """The run that is open here; in another thread, the only one that is open in this process; in a child process, its
    parent's. None: there is none."""
    for work in reversed(OPEN.get()):
        if isinstance(work, Run) and not work.has_ended:
            return work
    ledger = default_ledger()
    others = [one for one in ledger.open_runs() if not one.has_ended]
    return others[0] if len(others) == 1 else ledger.parents_run()


def current_step() -> Optional[Step]:
    """The step that is open here."""
    work = OPEN.get()[-1:]
    return work[0] if work and isinstance(work[0], Step) else None


def watermark(process_name: str, environment: Optional[str] = None) -> Watermark:
    """How far a pipeline's data has come: what its last successful run covered."""
    return read_watermark(process_name, environment)


def log_tail(lines: int = 20, level: int = logging.INFO) -> LogTail:
    """A handler of `logging` that keeps the last lines, to be sent with errors:
    `logging.getLogger().addHandler(runledger.log_tail())`."""
    global _log_tail
    with _lock:
        _log_tail = LogTail(lines, level)
        default_ledger().keep_log_tail(_log_tail)
        return _log_tail


def flush(timeout_s: float = DEFAULT_TIMEOUT_S) -> bool:
    """Sends all waiting events. Returns whether they are sent, or safe in the spool."""
    return default_ledger().flush(timeout_s)


def close(timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Sends all waiting events; what comes later is dropped. The end of the process does it."""
    default_ledger().close(timeout_s)


def stats() -> LedgerStats:
    return default_ledger().stats()


def _step_here(name: Any, options: Any) -> Step:
    outer = current_step()
    if outer is not None:
        return outer.step(name, **options).open()
    here = current_run()
    if here is None:
        # The work goes on; what it does belongs to no run.
        return default_ledger().stray_step(name)
    return here.start_step(name, **options)


def _decorated(function: Callable[..., Any], scope: Callable[[Callable[..., Any]], Scope[Any]]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def run_async(*args: Any, **kwargs: Any) -> Any:
            async with scope(function):
                return await function(*args, **kwargs)

        return cast(Callable[..., Any], run_async)

    @functools.wraps(function)
    def run_sync(*args: Any, **kwargs: Any) -> Any:
        with scope(function):
            return function(*args, **kwargs)

    return run_sync
