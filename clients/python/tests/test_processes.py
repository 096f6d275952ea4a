"""Children of a run: they join it, and nobody speaks for another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict

import pytest
from jobs import run_job
from runledger import Ledger, RecordingTransport

CHILD = "import runledger\\nwith runledger.run({name}), runledger.step('in child'): pass"


def parent_of(child: str) -> str:
    return f"""
import runledger, subprocess, sys
with runledger.run("orders", environment="test", run_id="r1"):
    with runledger.step("extract"):
        subprocess.run([sys.executable, "-c", "{child}"], check=True)
"""


def test_a_child_process_joins_the_run_of_its_parent(tmp_path: Path) -> None:
    ended = run_job(tmp_path, parent_of(CHILD.format(name="'orders'")))

    assert sorted(ended.in_short()) == sorted(
        [
            "RUN_START RUNNING",
            "STEP_START extract RUNNING",
            "STEP_START in child RUNNING",
            "STEP_END in child SUCCESS",
            "STEP_END extract SUCCESS",
            "RUN_END SUCCESS",
        ]
    )
    assert {(event["run_id"], event["environment"]) for event in ended.events} == {("r1", "test")}
    child = next(event for event in ended.events if event.get("step_name") == "in child")
    assert "step_index" not in child
    assert len({event["producer"]["instance_id"] for event in ended.events}) == 2


def test_steps_of_a_child_that_is_told_how_far_the_run_is_come_after(tmp_path: Path) -> None:
    told = parent_of(CHILD.format(name="'orders'")).replace('with runledger.run("orders"', 'import os\nwith runledger.run("orders"')
    told = told.replace('run_id="r1"):', 'run_id="r1") as run:').replace("check=True", "check=True, env={**os.environ, **run.environ()}")
    ended = run_job(tmp_path, told)

    indexes = {event["step_name"]: event["step_index"] for event in ended.events if "step_name" in event}
    assert indexes == {"extract": 1, "in child": 2}


def test_a_child_that_names_no_pipeline_joins_too(tmp_path: Path) -> None:
    ended = run_job(tmp_path, parent_of("import runledger\\nwith runledger.step('in child'): pass"))

    assert "STEP_END in child SUCCESS" in ended.in_short()
    assert {event["run_id"] for event in ended.events} == {"r1"}


def test_a_child_of_another_name_is_a_run_of_its_own(tmp_path: Path) -> None:
    ended = run_job(tmp_path, parent_of(CHILD.format(name="'publish'")))

    (start,) = [event for event in ended.events if event["process_name"] == "publish" and "status" in event][:1]
    assert (start["parent_run_id"], start["root_run_id"]) == ("r1", "r1")


def test_a_failed_child_tells_its_error_and_leaves_the_end_to_its_parent(tmp_path: Path) -> None:
    failing = "import runledger\\nwith runledger.run('orders'): raise ValueError('bad')"
    ended = run_job(tmp_path, parent_of(failing))

    assert ended.code == 1
    errors = [event["error"]["message"] for event in ended.events if event["event_type"] == "ERROR"]
    assert errors[0] == "bad"
    assert [line for line in ended.in_short() if line.startswith("RUN_END")] == ["RUN_END FAILED"]


def test_after_the_run_children_join_it_no_more(tmp_path: Path) -> None:
    code = """
import os, runledger
with runledger.run("outer"), runledger.run("inner"):
    print(os.environ["RUNLEDGER_RUN"])
print("RUNLEDGER_RUN" in os.environ)
"""
    told, left = run_job(tmp_path, code).out.splitlines()
    assert json.loads(told)["process_name"] == "outer"
    assert left == "False"


@pytest.mark.parametrize("told", ["", "no json", "[]", '{"run_id":"r1"}', '{"run_id":"r","process_name":"p","run_attempt":"x"}'])
def test_what_cannot_be_read_is_no_parent(told: str) -> None:
    transport = RecordingTransport()
    ledger = Ledger(transports=[transport], context=False, env={"RUNLEDGER_RUN": told})
    with ledger.run("orders"):
        pass
    ledger.close()

    assert transport.in_short() == ["RUN_START RUNNING", "RUN_END SUCCESS"]
    assert "parent_run_id" not in transport.events[0]


def test_a_forked_child_sends_its_own_events_once_and_ends_nothing_of_its_parent(tmp_path: Path) -> None:
    code = """
import os, runledger
with runledger.run("orders") as run:
    run.checkpoint("before")
    child = os.fork()
    with runledger.step("child" if child == 0 else "parent"):
        pass
    if child == 0:
        runledger.flush()
    else:
        os.waitpid(child, 0)
"""
    ended = run_job(tmp_path, code)

    assert sorted(ended.in_short()) == sorted(
        [
            "RUN_START RUNNING",
            "CHECKPOINT",
            "STEP_START child RUNNING",
            "STEP_END child SUCCESS",
            "STEP_START parent RUNNING",
            "STEP_END parent SUCCESS",
            "RUN_END SUCCESS",
        ]
    )
    numbers: Dict[str, Any] = {}
    for event in ended.events:
        numbers.setdefault(event["producer"]["instance_id"], []).append(event["producer"]["seq"])
    assert sorted(numbers.values()) == [[1, 2], [1, 2, 3, 4, 5]]


def test_a_fork_in_the_middle_of_a_flush_does_not_hang(tmp_path: Path) -> None:
    code = """
import os, runledger, threading
class Slow(runledger.FileTransport):
    def send(self, records, timeout_s):
        sending.set()
        go_on.wait(20)
        return super().send(records, timeout_s)
sending, go_on = threading.Event(), threading.Event()
runledger.configure(transports=[Slow(os.environ["RUNLEDGER_FILE"])], flush_interval_ms=1)
with runledger.run("orders"):
    sending.wait(20)
    child = os.fork()
    if child == 0:
        go_on = threading.Event()
        go_on.set()
        with runledger.step("child"): pass
        runledger.flush()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    go_on.set()
"""
    ended = run_job(tmp_path, code)

    assert ended.code == 0, ended
    assert sorted(ended.in_short()) == sorted(
        ["RUN_START RUNNING", "STEP_START child RUNNING", "STEP_END child SUCCESS", "RUN_END SUCCESS"]
    )


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_of_multiprocessing_join_the_run(tmp_path: Path, method: str) -> None:
    (tmp_path / "the_job.py").write_text(
        "import runledger\n"
        "def load(number):\n"
        "    with runledger.step(f'load-{number}') as step:\n"
        "        step.records(out=number)\n"
    )
    code = f"""
import multiprocessing, runledger, sys
sys.path.insert(0, {str(tmp_path)!r})
import the_job
if __name__ == "__main__":
    with runledger.run("orders", run_id="r1"):
        workers = [multiprocessing.get_context({method!r}).Process(target=the_job.load, args=(n,)) for n in range(2)]
        for worker in workers: worker.start()
        for worker in workers: worker.join()
"""
    ended = run_job(tmp_path, code, PYTHONPATH=f"{tmp_path}:{':'.join(__import__('sys').path)}")

    ends = [event for event in ended.events if event["event_type"] == "STEP_END"]
    assert sorted((event["step_name"], event["run_id"]) for event in ends) == [("load-0", "r1"), ("load-1", "r1")], ended
    assert ended.in_short()[-1] == "RUN_END SUCCESS"
