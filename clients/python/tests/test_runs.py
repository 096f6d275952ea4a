from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import runledger
from conftest import Recorded


def test_a_run_and_its_steps_are_told(recorded: Recorded) -> None:
    with runledger.run("orders", environment="test") as run:
        with run.step("extract") as step:
            step.records(in_=3, out=2)
            step.source("s3://raw/orders", type="s3", records=3)
        with run.step("load") as step:
            step.target("db.orders", type="postgres", records=2, partition="date=2026-11-03")

    sent = recorded.sent()
    assert sent.in_short() == [
        "RUN_START RUNNING",
        "STEP_START extract RUNNING",
        "STEP_END extract SUCCESS",
        "STEP_START load RUNNING",
        "STEP_END load SUCCESS",
        "RUN_END SUCCESS",
    ]
    extract, load = sent.of_type("STEP_END")
    assert (extract["records_in"], extract["records_out"]) == (3, 2)
    assert extract["input_sources"] == [{"type": "s3", "path": "s3://raw/orders", "records": 3}]
    assert load["output_targets"][0]["partition"] == "date=2026-11-03"
    assert {event["environment"] for event in sent.events} == {"test"}


def test_an_error_ends_step_and_run_and_goes_on_unchanged(recorded: Recorded) -> None:
    error = ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError) as raised:
        with runledger.run("orders"), runledger.step("load"):
            raise error

    assert raised.value is error
    sent = recorded.sent()
    assert sent.in_short()[2:] == ["ERROR load", "STEP_END load FAILED", "RUN_END FAILED"]
    (told,) = sent.of_type("ERROR")
    assert told["error"]["error_code"] == "T101"
    assert told["error"]["retryable"] is True
    assert "raise error" in told["error"]["stack_trace"]
    assert sent.events[-1]["error"] == told["error"]


def test_code_that_goes_on_after_a_failed_step_has_recovered(recorded: Recorded) -> None:
    with runledger.run("orders"):
        try:
            with runledger.step("load"):
                raise ValueError("bad row")
        except ValueError:
            pass

    assert recorded.sent().in_short()[-1] == "RUN_END SUCCESS"


def test_a_run_without_a_block_is_judged_by_its_steps(recorded: Recorded) -> None:
    run = runledger.start_run("orders")
    run.start_step("load").fail(ValueError("bad"))
    run.end()

    assert recorded.sent().in_short()[-1] == "RUN_END FAILED"
    assert "still running" in recorded.sent().events[-1]["error"]["message"]


def test_the_same_name_again_is_the_next_try(recorded: Recorded) -> None:
    with runledger.run("orders") as run:
        for _ in range(2):
            with run.step("load"):
                pass

    tries = [(event["step_index"], event["attempt"]) for event in recorded.sent().of_type("STEP_END")]
    assert tries == [(1, 1), (1, 2)]


def test_instances_of_a_mapped_step_are_no_tries(recorded: Recorded) -> None:
    with runledger.run("orders") as run:
        for number in range(2):
            with run.step("load", map_index=number):
                pass

    ends = recorded.sent().of_type("STEP_END")
    assert [(event["step_index"], event["attempt"], event["map_index"]) for event in ends] == [(1, 1, 0), (1, 1, 1)]


def test_a_step_within_a_step_has_the_name_of_both(recorded: Recorded) -> None:
    with runledger.run("orders"), runledger.step("load") as outer:
        with runledger.step("parse"):
            pass
        with outer.step("write"):
            pass

    names = [event["step_name"] for event in recorded.sent().of_type("STEP_END")]
    assert names == ["load/parse", "load/write", "load"]


def test_a_step_outside_of_a_run_runs_and_says_so(recorded: Recorded) -> None:
    with runledger.step("lost") as step:
        step.records(in_=1)
        with step.step("inner"):
            pass

    assert recorded.sent().events == []
    assert "within a run" in str(recorded.problems[0])


def test_a_run_within_a_run_names_its_parent_and_root(recorded: Recorded) -> None:
    with runledger.run("outer") as outer, runledger.run("middle") as middle, runledger.run("inner"):
        pass

    _, second, third = recorded.sent().of_type("RUN_START")
    assert (second["parent_run_id"], second["root_run_id"]) == (outer.run_id, outer.run_id)
    assert (third["parent_run_id"], third["root_run_id"]) == (middle.run_id, outer.run_id)


def test_decorated_functions_are_runs_and_steps(recorded: Recorded) -> None:
    @runledger.step
    def extract(rows: int) -> int:
        """Reads."""
        return rows

    @runledger.step("save")
    def load() -> None:
        current = runledger.current_step()
        assert current is not None
        current.records(out=7)

    @runledger.pipeline("orders", owner="team-crm")
    def main() -> int:
        load()
        return extract(rows=5)

    @runledger.pipeline
    def nightly() -> None: ...

    assert main() == 5
    nightly()

    assert extract.__doc__ == "Reads."
    sent = recorded.sent()
    assert [event["step_name"] for event in sent.of_type("STEP_END")] == ["save", "extract"]
    assert [event["process_name"] for event in sent.of_type("RUN_END")] == ["orders", "nightly"]
    assert sent.events[0]["owner"] == "team-crm"


def test_coroutines_are_runs_and_steps_that_do_not_mix(recorded: Recorded) -> None:
    @runledger.step
    async def fetch(page: int) -> int:
        await asyncio.sleep(0)
        return page

    @runledger.pipeline
    async def crawl(pages: int) -> int:
        async with runledger.step("all"):
            return sum(await asyncio.gather(*(fetch(page) for page in range(pages))))

    async def both() -> list[int]:
        return await asyncio.gather(crawl(2), crawl(3))

    assert asyncio.run(both()) == [1, 3]
    sent = recorded.sent()
    runs = {event["run_id"] for event in sent.of_type("RUN_END")}
    steps = [event["run_id"] for event in sent.of_type("STEP_END") if event["step_name"] == "all/fetch"]
    assert len(runs) == 2
    assert sorted(steps.count(run) for run in runs) == [2, 3]


def test_a_task_that_is_cancelled_ends_its_run_cancelled(recorded: Recorded) -> None:
    async def main() -> None:
        started = asyncio.Event()

        async def work() -> None:
            async with runledger.run("orders"):
                started.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(work())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert recorded.sent().in_short()[-1] == "RUN_END CANCELLED"


def test_threads_find_the_only_run_that_is_open(recorded: Recorded) -> None:
    def load(number: int) -> None:
        with runledger.step(f"load-{number}") as step:
            step.records(out=number)

    with runledger.run("orders") as run, ThreadPoolExecutor(4) as pool:
        list(pool.map(load, range(20)))

    ends = recorded.sent().of_type("STEP_END")
    assert {event["run_id"] for event in ends} == {run.run_id}
    assert sorted(event["step_index"] for event in ends) == list(range(1, 21))


def test_counts_of_many_threads_are_all_counted(recorded: Recorded) -> None:
    with runledger.run("orders") as run, runledger.step("load") as step, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: step.records(out=1), range(2_000)))
        assert run.step is not None

    assert recorded.sent().of_type("STEP_END")[0]["records_out"] == 2_000


def test_a_run_may_be_ended_in_another_thread_and_twice(recorded: Recorded) -> None:
    run = runledger.start_run("orders")
    step = run.start_step("load")
    thread = threading.Thread(target=lambda: (step.end(), step.end(), run.end(), run.end("FAILED")))
    thread.start()
    thread.join()

    assert recorded.sent().in_short()[-2:] == ["STEP_END load SUCCESS", "RUN_END SUCCESS"]


def test_numbers_of_events_go_up_by_one(recorded: Recorded) -> None:
    with runledger.run("orders"), ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: runledger.current_run().checkpoint(str(number)), range(100)))  # type: ignore[union-attr]

    assert sorted(event["producer"]["seq"] for event in recorded.sent().events) == list(range(1, 103))


@pytest.mark.parametrize(
    "code, end",
    [(0, "SUCCESS"), (None, "SUCCESS"), (3, "FAILED"), ("no input", "FAILED")],
)
def test_leaving_the_process_early_is_judged_by_the_exit_code(recorded: Recorded, code: object, end: str) -> None:
    with pytest.raises(SystemExit):
        with runledger.run("orders"), runledger.step("load"):
            raise SystemExit(code)

    assert recorded.sent().in_short()[-2:] == [f"STEP_END load {end}", f"RUN_END {end}"]


def test_an_interrupt_is_a_cancellation(recorded: Recorded) -> None:
    with pytest.raises(KeyboardInterrupt):
        with runledger.run("orders"), runledger.step("load"):
            raise KeyboardInterrupt

    assert recorded.sent().in_short()[-2:] == ["STEP_END load CANCELLED", "RUN_END CANCELLED"]


def test_errors_carry_the_last_lines_of_the_log(recorded: Recorded) -> None:
    import logging

    logger = logging.getLogger("job")
    logger.propagate = False
    handler = runledger.log_tail(lines=2)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        with pytest.raises(ValueError):
            with runledger.run("orders"):
                for number in range(3):
                    logger.info("row %d of bob@example.com", number)
                logger.info("broken %d", "text")
                raise ValueError("bad")
    finally:
        logger.removeHandler(handler)

    (told,) = recorded.sent().of_type("ERROR")
    assert told["log_tail"][0].endswith("INFO job: row 2 of [email]")
    assert told["log_tail"][1] == "INFO job: [unreadable]"


def test_what_a_run_plans_and_promises_is_told(recorded: Recorded) -> None:
    from datetime import datetime, timedelta, timezone

    with runledger.run(
        "orders",
        planned_steps=["extract", "load"],
        sla=timedelta(minutes=10),
        scheduled_for=datetime(2026, 11, 3, 2, tzinfo=timezone(timedelta(hours=1))),
        data_interval_end=datetime(2026, 11, 3),
        run_attempt=2,
    ):
        pass

    start, end = recorded.sent().events
    assert start["planned_steps"] == ["extract", "load"]
    assert start["scheduled_for"] == "2026-11-03T01:00:00.000Z"
    assert start["data_interval_end"] == "2026-11-03T00:00:00.000"
    assert start["run_attempt"] == 2
    assert end["sla"] == {"expected_max_duration_ms": 600_000, "sla_missed": False}


def test_unknown_options_are_left_out_with_a_complaint(recorded: Recorded) -> None:
    with runledger.run("orders", slaa=5):
        pass

    assert "slaa" in str(recorded.problems[0])
    assert recorded.sent().in_short()[-1] == "RUN_END SUCCESS"
