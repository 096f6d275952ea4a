"""What carries packed events to a ledger. Write your own to send them elsewhere."""

from __future__ import annotations

from typing import List, Optional, Protocol, Sequence


class Transport(Protocol):
    """A record is NDJSON in UTF-8: one event or more, each ending with a line feed, at most 1,024,000 bytes. One call
    holds at most 500 records and 4 MiB. Calls come one after the other, from one thread."""

    @property
    def name(self) -> str:
        """Where events go, without secrets: `http://127.0.0.1:4319/events`. What could not be sent there waits in a
        folder of its own."""

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        """Returns when the records are taken, with the number of events rejected, if it is known; raises when they are
        not. A `TransportError` says whether sending the same records again can help; any other error counts as
        temporary. Should take no longer than `timeout_s`."""


class TransportError(Exception):
    def __init__(
        self,
        message: str,
        *,
        retryable: bool,
        unsent: Optional[List[int]] = None,
        retry_after_s: float = 0,
        status: Optional[int] = None,
    ) -> None:
        """`unsent`: the indexes of the records that were not taken, by default all. `retry_after_s`: how long the other
        side asked not to be called. `status`: of HTTP."""
        super().__init__(message)
        self.retryable = retryable
        self.unsent = unsent
        self.retry_after_s = retry_after_s
        self.status = status
