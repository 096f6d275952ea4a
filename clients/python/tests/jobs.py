"""Runs code as a job of its own, and reads what it sent from a file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

PATHS = os.pathsep.join(path for path in sys.path if path)


class Job:
    def __init__(self, folder: Path, code: str, **env: str) -> None:
        self.file = folder / "events.ndjson"
        self.env = {
            **os.environ,
            "PYTHONPATH": PATHS,
            "RUNLEDGER_FILE": str(self.file),
            "RUNLEDGER_SPOOL": str(folder / "spool"),
            **env,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Whoever runs the tests in the background has interrupts ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def is_ready(self) -> None:
        """Waits until it prints a line."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() != "", self.end()

    def end(self) -> "Ended":
        out, err = self.process.communicate(timeout=60)
        return Ended(self.process.returncode, out, err, events_in(self.file))


class Ended:
    def __init__(self, code: int, out: str, err: str, events: List[Dict[str, Any]]) -> None:
        self.code = code
        self.out = out
        self.err = err
        self.events = events

    def in_short(self) -> List[str]:
        fields = ("event_type", "step_name", "status")
        return [" ".join(str(event[name]) for name in fields if name in event) for event in self.events]

    def __repr__(self) -> str:
        return f"{self.code}\n{self.out}\n{self.err}\n{self.in_short()}"


def events_in(file: Path) -> List[Dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def run_job(folder: Path, code: str, **env: str) -> Ended:
    return Job(folder, code, **env).end()
