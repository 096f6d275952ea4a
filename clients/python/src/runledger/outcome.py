"""What became of one call of a transport."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Optional

from .buffer import Line
from .pack import pack_call
from .transports.transport import Transport, TransportError

#: What a transport is given for one call.
_CALL_S = 20.0


@dataclass(frozen=True)
class Outcome:
    done: List[Line]
    unsent: List[Line] = field(default_factory=list)
    failure: Optional[Exception] = None
    #: Of those that arrived, how many the ledger rejected, where it says.
    rejected: Optional[int] = None

    @property
    def may_pass(self) -> bool:
        """Sending the same again may help. An error of which nothing is known counts as one that may pass."""
        if isinstance(self.failure, TransportError):
            return self.failure.retryable
        return self.failure is not None

    @property
    def is_final(self) -> bool:
        return self.failure is not None and not self.may_pass


def send_lines(transport: Transport, lines: List[Line]) -> Outcome:
    """Sends lines that one call can hold. Never raises."""
    records = pack_call(lines)
    try:
        return Outcome(lines, rejected=transport.send([record.data() for record in records], _CALL_S))
    except Exception as error:
        indexes = error.unsent if isinstance(error, TransportError) else None
        unsent = [line for at, record in enumerate(records) if indexes is None or at in indexes for line in record.lines]
        left = {id(line) for line in unsent}
        return Outcome([line for line in lines if id(line) not in left], unsent, error)
