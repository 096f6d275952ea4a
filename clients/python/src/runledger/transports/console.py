"""To the standard error output, as NDJSON: what a job would send."""

from __future__ import annotations

import sys
from typing import Optional, Sequence


class ConsoleTransport:
    @property
    def name(self) -> str:
        return "console"

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        # A notebook's stream has no buffer of bytes.
        sys.stderr.write(b"".join(records).decode("utf-8", "replace"))
        sys.stderr.flush()
        return None
