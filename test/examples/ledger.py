"""What a served ledger shows of the runs of an example. Every test has an environment of its own there."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from runledger.watermark import ask

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
URL = os.environ["RUNLEDGER_TEST_URL"]


@dataclass(frozen=True)
class Shown:
    environment: str

    def env(self) -> Dict[str, str]:
        """For a process that reports there."""
        return {"RUNLEDGER_URL": URL, "RUNLEDGER_ENVIRONMENT": self.environment}

    def run_example(
        self, *command: str, env: Mapping[str, str] = {}, expect: Optional[int] = 0, cwd: Optional[Path] = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs it to its end, which has the exit code that is expected. Without a program it is one of Python."""
        words = [sys.executable, *command] if command[0].endswith(".py") else list(command)
        ended = subprocess.run(
            words, cwd=cwd or EXAMPLES, env={**os.environ, **self.env(), **env}, text=True, capture_output=True, timeout=300
        )
        assert expect is None or ended.returncode == expect, f"{ended.returncode}\n{ended.stdout}\n{ended.stderr}"
        return ended

    def runs(self, process_name: str) -> List[Dict[str, Any]]:
        return self._rows("current_runs", process_name, "start_time")

    def run(self, process_name: str) -> Dict[str, Any]:
        (only,) = self.runs(process_name)
        return only

    def steps(self, process_name: str) -> List[Dict[str, Any]]:
        return self._rows("pipeline_step_state", process_name, "step_index, step_name, map_index")

    def events(self, process_name: str) -> List[Dict[str, Any]]:
        return self._rows("pipeline_logs", process_name, "event_time")

    def start(self, process_name: str) -> Dict[str, Any]:
        """The event that started its only run."""
        (only,) = [event for event in self.events(process_name) if event["event_type"] == "RUN_START"]
        return only

    def _rows(self, table: str, process_name: str, order: str) -> List[Dict[str, Any]]:
        where = f"environment = '{self.environment}' and process_name = '{process_name}'"
        return ask(f"select * from {table} where {where} order by {order}", {"RUNLEDGER_URL": URL})


def told(row: Dict[str, Any]) -> Any:
    """What a row of a step says in short: name, status, records in and out."""
    return (row["step_name"], row["status"], _number(row["records_in"]), _number(row["records_out"]))


def _number(value: Any) -> Optional[int]:
    return None if value is None else int(value)
