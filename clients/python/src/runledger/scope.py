"""Runs and steps as context managers, for code and for coroutines, and as decorators."""

from __future__ import annotations

import contextvars
from contextlib import ContextDecorator
from types import TracebackType
from typing import Any, Callable, Generic, Optional, Tuple, Type, TypeVar

from .work import Verdict, Work

Open = TypeVar("Open", bound=Work)

#: What is open where code runs now, outermost first: a run and its steps. Tasks of asyncio inherit it, threads do not.
OPEN: contextvars.ContextVar[Tuple[Work, ...]] = contextvars.ContextVar("runledger_open", default=())


class Scope(Generic[Open], ContextDecorator):
    """Opens a run or a step when it is entered and ends it when it is left. Never swallows the host's error."""

    def __init__(self, open_: Callable[[], Open], leave: Callable[[Open, Optional[BaseException]], None]) -> None:
        #: Opens it without a block: whoever calls it ends it.
        self.open = open_
        self._leave = leave
        self._entered: list[Open] = []

    def __enter__(self) -> Open:
        work = self.open()
        self._entered.append(work)
        OPEN.set((*OPEN.get(), work))
        return work

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        work = self._entered.pop()
        # Not by token: a generator or a notebook may leave in another context than it entered.
        OPEN.set(tuple(one for one in OPEN.get() if one is not work))
        self._leave(work, error)

    async def __aenter__(self) -> Open:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        import asyncio

        # Sending waits for the network: not in the event loop.
        context = contextvars.copy_context()
        self_exit = self.__exit__
        OPEN.set(tuple(one for one in OPEN.get() if one is not self._entered[-1]))
        await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, context.run, self_exit, kind, error, trace))


def end_by(work: Work, error: Optional[BaseException]) -> None:
    """Chooses the end that an error which left the work means. Leaving a process early is no error of the work."""
    if error is None:
        return
    if isinstance(error, SystemExit):
        if error.code not in (None, 0):
            work.fail(error, message=f"sys.exit({_code_of(error)})")
    elif isinstance(error, (KeyboardInterrupt, GeneratorExit)) or type(error).__name__ == "CancelledError":
        work._choose_end(Verdict("CANCELLED", message=type(error).__name__))
    else:
        work.fail(error)


def _code_of(error: SystemExit) -> Any:
    return error.code if isinstance(error.code, int) else repr(error.code)
