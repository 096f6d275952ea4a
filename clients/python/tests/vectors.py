"""The vectors that all clients share, read as Python has them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, List

from runledger.run import Run
from runledger.runtime import Runtime

FOLDER = Path(__file__).resolve().parents[2] / "vectors"
START_MS = 1793707200000.0  # 2026-11-03T12:00:00Z


class FakeRuntime(Runtime):
    """A clock that stands still until a test moves it, and ids that count."""

    def __init__(self) -> None:
        self._now = START_MS
        self._elapsed = 1_000.0
        self._ids = 0

    def now(self) -> float:
        return self._now

    def elapsed(self) -> float:
        return self._elapsed

    def random(self) -> float:
        return 0.5

    def uuid(self) -> str:
        self._ids += 1
        return f"00000000-0000-4000-8000-{self._ids:012d}"

    def advance(self, ms: float) -> None:
        self._now += ms
        self._elapsed += ms

    def set_clock(self, ms: float) -> None:
        """Somebody sets the wall clock: no time passes."""
        self._now += ms


def vectors(file: str) -> Any:
    return value_of(json.loads((FOLDER / file).read_text(encoding="utf-8")))


def run_vectors() -> List[Dict[str, Any]]:
    return [
        {**vectors(f"runs/{path.name}"), "name": path.stem, "lines": path.with_suffix(".ndjson").read_bytes()}
        for path in sorted((FOLDER / "runs").glob("*.json"))
    ]


def value_of(value: Any) -> Any:
    if isinstance(value, list):
        return [value_of(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "$date" in value:
        return datetime.fromisoformat(value["$date"].replace("Z", "+00:00"))
    if "$bigint" in value:
        return int(value["$bigint"])
    if "$repeat" in value:
        return value["$repeat"][0] * value["$repeat"][1]
    return {key: value_of(one) for key, one in value.items()}


def error_of(described: Any) -> Any:
    """An error without a traceback, as another language would have another one."""
    if isinstance(described, str):
        return described
    fields = dict(described)
    kind = type(fields.pop("name", "Error"), (Exception,), {})
    error = kind(fields.pop("message"))
    if "cause" in fields:
        error.__cause__ = error_of(fields.pop("cause"))
    for name, value in fields.items():
        setattr(error, name, value)
    return error


def play(calls: List[List[Any]], run: Run, work: Any, runtime: FakeRuntime) -> None:
    """Makes the calls in their order, each on the step or run that it stands in."""
    for name, *args in calls:
        if name == "advance":
            runtime.advance(args[0])
        elif name == "step":
            with run.step(args[0], **args[1]) as step:
                play(args[2], run, step, runtime)
        elif name in ("error", "fail"):
            getattr(work, name)(error_of(args[0]), **(args[1] if len(args) > 1 else {}))
        elif name in ("source", "target"):
            getattr(work, name)(**{"path": None, **args[0]})
        elif name in ("count", "quality"):
            getattr(work, name)(**args[0])
        elif name == "skip_step":
            run.skip_step(*args)
        else:
            getattr(work, name)(*args)
