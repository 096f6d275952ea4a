"""However a process ends, what it can still say is said, and it ends as it would have."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from jobs import Job, run_job

WAITING = """
import runledger, sys, time
with runledger.run("orders"), runledger.step("load"):
    print("ready", flush=True)
    sys.stdin.read()
    time.sleep(60)
"""


def test_a_script_ends_with_everything_sent(tmp_path: Path) -> None:
    ended = run_job(tmp_path, "import runledger\nwith runledger.run('orders'): pass")

    assert (ended.code, ended.err) == (0, "")
    assert ended.in_short() == ["RUN_START RUNNING", "RUN_END SUCCESS"]


def test_rows_of_a_home_made_logger_are_sent_at_the_end_too(tmp_path: Path) -> None:
    code = "from runledger.compat import log_event\nlog_event('INFO', 'orders', 'load', 'started')"
    ended = run_job(tmp_path, code)

    assert [event["message"] for event in ended.events] == ["started"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_kills_ends_the_run_first(tmp_path: Path, number: signal.Signals) -> None:
    job = Job(tmp_path, WAITING)
    job.is_ready()
    job.process.send_signal(number)
    ended = job.end()

    assert ended.code == -number, ended
    assert ended.in_short()[-1] == "RUN_END CANCELLED"
    assert ended.events[-1]["message"] == number.name


def test_an_interrupt_ends_the_run_and_the_process_as_it_would_have(tmp_path: Path) -> None:
    job = Job(tmp_path, WAITING)
    job.is_ready()
    job.process.send_signal(signal.SIGINT)
    ended = job.end()

    assert ended.code == -signal.SIGINT, ended
    assert "KeyboardInterrupt" in ended.err
    assert ended.in_short()[-2:] == ["STEP_END load CANCELLED", "RUN_END CANCELLED"]


def test_a_handler_of_the_host_decides_what_becomes_of_its_run(tmp_path: Path) -> None:
    code = """
import runledger, signal, sys
asked = []
signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
with runledger.run("orders"):
    print("ready", flush=True)
    while not asked:
        signal.pause()
print(len(asked))
"""
    job = Job(tmp_path, code)
    job.is_ready()
    job.process.send_signal(signal.SIGTERM)
    ended = job.end()

    assert (ended.code, ended.out) == (0, "1\n")
    assert ended.in_short() == ["RUN_START RUNNING", "CHECKPOINT", "RUN_END SUCCESS"]
    assert ended.events[1]["message"] == "SIGTERM received"


def test_a_signal_that_the_host_ignores_stays_ignored(tmp_path: Path) -> None:
    code = """
import os, runledger, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
with runledger.run("orders"):
    os.kill(os.getpid(), signal.SIGTERM)
"""
    assert run_job(tmp_path, code).in_short()[-1] == "RUN_END SUCCESS"


def test_an_error_that_nobody_handles_ends_a_run_without_a_block(tmp_path: Path) -> None:
    ended = run_job(tmp_path, "import runledger\nrunledger.start_run('orders')\nraise MemoryError('too much')")

    assert ended.code == 1
    assert ended.err.rstrip().endswith("MemoryError: too much")
    assert ended.in_short() == ["RUN_START RUNNING", "ERROR", "RUN_END FAILED"]
    assert ended.events[-1]["error"]["error_code"] == "R401"


def test_a_run_that_nobody_ended_is_no_success(tmp_path: Path) -> None:
    ended = run_job(tmp_path, "import runledger\nrunledger.start_run('orders')")

    assert ended.in_short()[-1] == "RUN_END FAILED"
    assert "The process ended while the run was open" in ended.events[-1]["error"]["message"]


@pytest.mark.parametrize("code, end", [("0", "SUCCESS"), ("3", "FAILED")])
def test_sys_exit_ends_the_run_and_keeps_its_code(tmp_path: Path, code: str, end: str) -> None:
    ended = run_job(tmp_path, f"import runledger, sys\nwith runledger.run('orders'): sys.exit({code})")

    assert ended.code == int(code)
    assert ended.in_short()[-1] == f"RUN_END {end}"


@pytest.mark.parametrize(
    "death, code", [("os._exit(9)", 9), ("os.kill(os.getpid(), signal.SIGKILL)", -9), ("os.abort()", -6)]
)
def test_a_process_that_is_killed_says_nothing(tmp_path: Path, death: str, code: int) -> None:
    """SIGKILL is how the kernel ends one that is out of memory."""
    job = f"import os, runledger, signal\nwith runledger.run('orders'):\n runledger.flush()\n {death}"
    ended = run_job(tmp_path, job)

    assert (ended.code, ended.in_short()) == (code, ["RUN_START RUNNING"])


def test_what_a_killed_process_had_spooled_is_sent_by_the_next(tmp_path: Path) -> None:
    away = {"RUNLEDGER_FILE": "", "RUNLEDGER_URL": "http://127.0.0.1:9"}
    job = "import os, runledger, signal\nrun = runledger.start_run('orders')\nrunledger.flush()\nos.kill(os.getpid(), signal.SIGKILL)"
    assert run_job(tmp_path, job, **away).code == -9

    listed = run_job(tmp_path, "from runledger.__main__ import main\nmain(['spool', 'list'])", **away)
    assert "1 events in 1 files wait" in listed.out, listed


def test_nothing_keeps_the_process_alive(tmp_path: Path) -> None:
    code = "import runledger\nrun = runledger.start_run('orders', heartbeat_interval_ms=1)\nprint('end')"
    ended = run_job(tmp_path, code, RUNLEDGER_FILE="", RUNLEDGER_URL="http://127.0.0.1:9")

    assert (ended.code, ended.out) == (0, "end\n")


def test_a_ledger_that_is_away_costs_a_line_and_nothing_else(tmp_path: Path) -> None:
    code = "import runledger\nfor _ in range(3):\n with runledger.run('orders'): pass\nprint(runledger.stats().spooled)"
    ended = run_job(tmp_path, code, RUNLEDGER_FILE="", RUNLEDGER_URL="http://127.0.0.1:9")

    assert (ended.code, ended.out) == (0, "6\n")
    assert ended.err.count("\n") == 1
    assert "RUNLEDGER_DEBUG=1" in ended.err


def test_a_wrong_setting_costs_a_line_and_nothing_else(tmp_path: Path) -> None:
    code = "import runledger\nwith runledger.run('orders'): print('worked')"
    ended = run_job(tmp_path, code, RUNLEDGER_FILE="", RUNLEDGER_URL="not an address")

    assert (ended.code, ended.out) == (0, "worked\n")
    assert "`RUNLEDGER_URL`: expected an http or https address" in ended.err


def test_a_job_under_strict_warnings_goes_on(tmp_path: Path) -> None:
    code = "import runledger\nwith runledger.run('orders', sla='soon'): print('worked')"
    ended = run_job(tmp_path, code, PYTHONWARNINGS="error")

    assert (ended.code, ended.out) == (0, "worked\n")


NOTEBOOK = """
import sys, types
cells = []
shell = types.SimpleNamespace(events=types.SimpleNamespace(register=lambda name, act: cells.append((name, act))))
sys.modules["IPython"] = types.SimpleNamespace(get_ipython=lambda: shell)
import runledger
run = runledger.start_run("orders")
((name, after_cell),) = cells
after_cell(types.SimpleNamespace(error_in_exec=None))
run.checkpoint("the next cell")
after_cell(types.SimpleNamespace(error_in_exec=ValueError("bad")))
print(name)
"""


def test_a_notebook_whose_cell_fails_ends_its_run(tmp_path: Path) -> None:
    ended = run_job(tmp_path, NOTEBOOK)

    assert ended.out == "post_run_cell\n", ended
    assert ended.in_short() == ["RUN_START RUNNING", "CHECKPOINT", "ERROR", "RUN_END FAILED"]
