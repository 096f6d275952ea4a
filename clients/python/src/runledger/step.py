"""One try of one step of a run."""

from __future__ import annotations

import os
from typing import Any, Callable, Optional

from .event import Columns
from .scope import Scope, end_by
from .work import Verdict, Work, WorkContext


class Step(Work):
    """Made by `run.step`."""

    def __init__(
        self,
        context: WorkContext,
        subject: Columns,
        on_end: Callable[[Columns, Verdict], None],
        inner: Callable[..., Scope[Step]],
    ) -> None:
        super().__init__(context, subject)
        self._on_end = on_end
        self._inner = inner
        self._has_ended = False
        self._emit_start("STEP_START")

    @property
    def step_name(self) -> str:
        return str(self._subject["step_name"])

    @property
    def step_index(self) -> Optional[int]:
        """Its order in the run; None in a process that joined a run without knowing how far it is."""
        index: Optional[int] = self._subject["step_index"]
        return index

    @property
    def attempt(self) -> int:
        """The try, from 1."""
        return int(self._subject["attempt"])

    def step(self, name: Any, **options: Any) -> Scope[Step]:
        """A step within this one; it is called `outer/inner`. Takes what `run.step` takes."""
        return self._inner(f"{self.step_name}/{name}", **options)

    def skip(self, message: Any = None) -> None:
        """Chooses SKIPPED as the end: there was nothing to do."""
        self._choose_end(Verdict("SKIPPED", message=self._text(message)))

    def end(self) -> None:
        """Reports its end (STEP_END), once: the chosen one, else SUCCESS. `with` does it."""
        with self._lock:
            if self._has_ended or self._pid != os.getpid():
                return
            self._has_ended = True
        verdict = self._verdict or Verdict("SUCCESS")
        self._quietly(lambda: self._emit_end("STEP_END", verdict))
        self._on_end(self._subject, verdict)

    def _leave(self, error: Optional[BaseException]) -> None:
        end_by(self, error)
        self.end()
