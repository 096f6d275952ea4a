"""What an event is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Literal, Optional

Columns = Dict[str, Any]
EndStatus = Literal["SUCCESS", "FAILED", "SKIPPED", "CANCELLED", "TIMED_OUT", "RETRY"]

#: How a run or step can end.
END_STATUSES: tuple[EndStatus, ...] = ("SUCCESS", "FAILED", "SKIPPED", "CANCELLED", "TIMED_OUT", "RETRY")


@dataclass(frozen=True)
class RunIdentity:
    """What makes all events of a run one run."""

    run_id: str
    process_name: str
    run_attempt: int
    environment: Optional[str] = None

    def columns(self) -> Columns:
        return {
            "run_id": self.run_id,
            "process_name": self.process_name,
            "run_attempt": self.run_attempt,
            "environment": self.environment,
        }
