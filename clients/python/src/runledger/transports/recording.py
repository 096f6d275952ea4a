"""Keeps events instead of sending them: for the tests of your pipelines."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List, Optional, Sequence


class RecordingTransport:
    """`events` has what was taken, parsed. `answer` decides what becomes of a call, by default all is taken."""

    def __init__(self, answer: Optional[Callable[[Sequence[bytes]], Optional[int]]] = None) -> None:
        self._answer = answer
        self.calls: List[List[bytes]] = []
        self.lines: List[str] = []

    @property
    def name(self) -> str:
        return "recording"

    @property
    def events(self) -> List[Dict[str, Any]]:
        return [json.loads(line) for line in self.lines]

    def of_type(self, *event_types: str) -> List[Dict[str, Any]]:
        return [event for event in self.events if event["event_type"] in event_types]

    def in_short(self) -> List[str]:
        """What happened: `STEP_END load SUCCESS`."""
        fields = ("event_type", "step_name", "status")
        return [" ".join(str(event[name]) for name in fields if name in event) for event in self.events]

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        self.calls.append(list(records))
        rejected = self._answer(records) if self._answer else None
        self.lines += b"".join(records).decode().splitlines()
        return rejected
