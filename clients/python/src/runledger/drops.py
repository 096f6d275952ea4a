"""Events that will never be sent: counted, complained of, and told in the next event that gets through."""

from __future__ import annotations

from typing import Optional, Tuple

from .event import RunIdentity
from .wire_value import Complain


class Drops:
    def __init__(self, complain: Complain) -> None:
        self._complain = complain
        self.total = 0
        self._untold = 0
        self._last_run: Optional[RunIdentity] = None

    def add(self, count: int, run: Optional[RunIdentity], reason: str) -> None:
        """Complains once, and again only after the count was told. `run`: None where nobody knows whose they were."""
        self.total += count
        if self._untold == 0:
            self._complain(RuntimeError(f"Events are being dropped: {reason}"))
        self._untold += count
        self._last_run = run or self._last_run

    def take_untold(self) -> Optional[Tuple[int, RunIdentity]]:
        """How many have not been told yet, and the run of the last of them; None: there is nothing to tell, or no run to
        tell it of."""
        if self._untold == 0 or self._last_run is None:
            return None
        told = (self._untold, self._last_run)
        self._untold = 0
        return told
