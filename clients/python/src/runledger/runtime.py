"""What the client takes from the process it runs in: the only place with a clock or randomness."""

from __future__ import annotations

import random
import time
import uuid
from datetime import datetime, timezone


class Runtime:
    """The real one. Tests subclass it."""

    def now(self) -> float:
        """The wall clock: milliseconds since 1970."""
        return time.time() * 1000

    def elapsed(self) -> float:
        """A clock that never goes back, in milliseconds. Durations are measured with it."""
        return time.monotonic() * 1000

    def random(self) -> float:
        return random.random()

    def uuid(self) -> str:
        return str(uuid.uuid4())


def iso_of(ms: float) -> str:
    """ISO 8601 in UTC with milliseconds, as JavaScript writes it."""
    whole = int(ms)
    moment = datetime.fromtimestamp(whole // 1000, tz=timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{whole % 1000:03d}Z"
