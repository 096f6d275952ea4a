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
    """Sends lines by one call, or by several where they are more than one can hold, as a file of another writer may be.
    Never raises."""
    done: List[Line] = []
    rejected: Optional[int] = None
    while len(done) < len(lines):
        records = pack_call(lines[len(done) :])
        some = [line for record in records for line in record.lines]
        try:
            told = transport.send([record.data() for record in records], _CALL_S)
        except Exception as error:
            indexes = error.unsent if isinstance(error, TransportError) else None
            left = [line for at, one in enumerate(records) if indexes is None or at in indexes for line in one.lines]
            ids = {id(line) for line in left}
            taken = [line for line in some if id(line) not in ids]
            return Outcome(done + taken, left + lines[len(done) + len(some) :], error, rejected)
        rejected = told if rejected is None else rejected + (told or 0)
        done += some
    return Outcome(done, rejected=rejected)
