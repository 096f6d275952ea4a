"""In a notebook and a REPL a run ends with its cell: in a real IPython."""

from __future__ import annotations

from pathlib import Path

import pytest
from jobs import Ended, run_job

pytest.importorskip("IPython")


def cells(folder: Path, *codes: str) -> Ended:
    """Runs each as a cell of one shell."""
    run_each = f"""
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for code in {list(codes)!r}:
    shell.run_cell(code, store_history=True)
"""
    return run_job(folder, run_each, IPYTHONDIR=str(folder), HOME=str(folder))


def test_a_run_in_a_with_ends_with_its_cell_though_the_shell_goes_on(tmp_path: Path) -> None:
    ended = cells(
        tmp_path,
        "import runledger, os",
        "with runledger.run('orders'): pass",
        "runledger.flush(); print(open(os.environ['RUNLEDGER_FILE']).read().count('RUN_END'))",
    )

    assert ended.out.strip().splitlines()[-1] == "1"


def test_a_run_that_a_cell_leaves_open_stays_open_for_the_next(tmp_path: Path) -> None:
    ended = cells(tmp_path, "import runledger\nrun = runledger.start_run('orders')", "run.checkpoint('next')", "run.end()")

    assert ended.in_short() == ["RUN_START RUNNING", "CHECKPOINT", "RUN_END SUCCESS"]


def test_a_cell_that_fails_ends_the_run_that_was_open(tmp_path: Path) -> None:
    ended = cells(tmp_path, "import runledger\nrun = runledger.start_run('orders')", "1 / 0", "print('after')")

    assert ended.in_short() == ["RUN_START RUNNING", "ERROR", "RUN_END FAILED"]
    assert ended.events[1]["error"]["message"] == "division by zero"
    assert ended.out.strip().endswith("after")


def test_a_cell_that_is_interrupted_ends_its_run_cancelled(tmp_path: Path) -> None:
    ended = cells(tmp_path, "import runledger\nwith runledger.run('orders'): raise KeyboardInterrupt")

    assert ended.in_short()[-1] == "RUN_END CANCELLED"


def test_a_cell_that_is_interrupted_cancels_the_run_that_was_open(tmp_path: Path) -> None:
    ended = cells(tmp_path, "import runledger\nrun = runledger.start_run('orders')", "raise KeyboardInterrupt")

    assert ended.in_short()[-1] == "RUN_END CANCELLED"


def test_the_shell_that_ends_ends_what_is_open(tmp_path: Path) -> None:
    ended = cells(tmp_path, "import runledger\nrun = runledger.start_run('orders')")

    assert ended.in_short()[-1] == "RUN_END FAILED"


def test_a_cell_that_awaits_has_its_run(tmp_path: Path) -> None:
    ended = cells(
        tmp_path,
        "import asyncio, runledger",
        "async with runledger.run('orders') as run:\n    async with runledger.step('load'):\n        await asyncio.sleep(0)",
    )

    assert ended.in_short()[-2:] == ["STEP_END load SUCCESS", "RUN_END SUCCESS"]
