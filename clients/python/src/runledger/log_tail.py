"""The last lines of the job's own log, for the event of an error."""

from __future__ import annotations

import collections
import logging
from typing import Deque, List

_MAX_LINE = 2_000


class LogTail(logging.Handler):
    """A handler that keeps the last lines it is given: `logging.getLogger().addHandler(runledger.log_tail())`."""

    def __init__(self, lines: int = 20, level: int = logging.INFO) -> None:
        super().__init__(level)
        self._lines: Deque[str] = collections.deque(maxlen=max(1, lines))
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._lines.append(self.format(record)[:_MAX_LINE])
        except Exception:
            # A record whose arguments do not fit its message.
            self._lines.append(f"{record.levelname} {record.name}: [unreadable]")

    def lines(self) -> List[str]:
        return list(self._lines)
