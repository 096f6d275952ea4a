"""The events that wait in memory, within limits."""

from __future__ import annotations

import collections
from dataclasses import dataclass
from typing import Deque, Iterator, List, NamedTuple, Optional

from .event import RunIdentity


class Line(NamedTuple):
    """One event waiting to be sent, and its run; None where it comes from the spool."""

    data: bytes
    run: Optional[RunIdentity]


@dataclass(frozen=True)
class BufferLimits:
    events: int
    bytes: int


class EventBuffer:
    """The events not yet sent, oldest first. Those taken out to be sent still count until they are released, so that the
    limits bound all the client holds."""

    def __init__(self, limits: BufferLimits) -> None:
        self._limits = limits
        self._lines: Deque[Line] = collections.deque()
        self.taken: List[Line] = []
        self.events = 0
        self.bytes = 0

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines)

    def __len__(self) -> int:
        """How many wait, without those taken out."""
        return len(self._lines)

    def has_room_for(self, line: Line) -> bool:
        return self.events < self._limits.events and self.bytes + len(line.data) <= self._limits.bytes

    def push(self, line: Line) -> None:
        self._lines.append(line)
        self.events += 1
        self.bytes += len(line.data)

    def take(self, count: int) -> List[Line]:
        """Takes the oldest out. They count until they are released or restored."""
        lines = [self._lines.popleft() for _ in range(min(count, len(self._lines)))]
        self.taken.extend(lines)
        return lines

    def restore(self, lines: List[Line]) -> None:
        """Puts what was taken back to the front, in its order."""
        self._lines.extendleft(reversed(lines))
        self._forget(lines)

    def release(self, lines: List[Line]) -> None:
        """Forgets what was taken."""
        self._forget(lines)
        self.events -= len(lines)
        self.bytes -= sum(len(line.data) for line in lines)

    def _forget(self, lines: List[Line]) -> None:
        gone = {id(line) for line in lines}
        self.taken = [line for line in self.taken if id(line) not in gone]
