"""Builds a project of dbt as a run: each model, seed and test is a step, as dbt itself tells how it went.

run_dbt.py [PROJECT_FOLDER]
"""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Optional

import runledger
from dbt.artifacts.schemas.results import RunStatus, TestStatus
from dbt.artifacts.schemas.run import RunExecutionResult, RunResult
from dbt.cli.main import dbtRunner

GOOD = (RunStatus.Success, TestStatus.Pass, TestStatus.Warn)


def main(folder: str) -> None:
    with runledger.run("dbt_build") as run:
        built = dbtRunner().invoke(["build", "--project-dir", folder, "--profiles-dir", folder, "--quiet"])
        if isinstance(built.result, RunExecutionResult):
            for result in built.result.results:
                add_step(run, result)
        if built.exception is not None:
            raise built.exception
        if not built.success:
            # The steps that failed say why.
            run.end("FAILED")


def add_step(run: runledger.Run, result: RunResult) -> None:
    node = result.node
    is_good, is_skipped = result.status in GOOD, result.status == RunStatus.Skipped
    run.add_step(
        node.unique_id,
        "SUCCESS" if is_good else "SKIPPED" if is_skipped else "FAILED",
        start_time=moment_of(result, "started_at"),
        end_time=moment_of(result, "completed_at"),
        duration_ms=round(result.execution_time * 1000),
        message=result.message,
        records_out=rows_of(result),
        output_targets=[{"type": "dbt", "path": node.relation_name}] if getattr(node, "relation_name", None) else None,
    )


def moment_of(result: RunResult, name: str) -> Optional[datetime]:
    moments = [getattr(timing, name) for timing in result.timing if getattr(timing, name)]
    return (min(moments) if name == "started_at" else max(moments)) if moments else None


def rows_of(result: RunResult) -> Optional[int]:
    """Not every adapter of dbt tells it."""
    rows = result.adapter_response.get("rows_affected")
    return rows if isinstance(rows, int) and rows >= 0 else None


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["."])
