"""What the client costs: `python clients/python/bench/figures.py [step] [million] [exec]`. Prints figures, never fails on
them. `step` compares with openlineage-python where that is installed; `exec` needs a ledger at RUNLEDGER_URL. What it
costs while the ledger is away: `outage.py`."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, List, Optional, Sequence

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import runledger
from runledger.transports.transport import Transport

SCRATCH = tempfile.mkdtemp(prefix="runledger-bench-")


class Taking:
    """Takes everything at once, and counts."""

    name = "taking"

    def __init__(self) -> None:
        self.records = 0
        self.bytes = 0

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        self.records += len(records)
        self.bytes += sum(map(len, records))
        return None


def a_ledger(transport: Transport, **options: Any) -> runledger.Ledger:
    return runledger.Ledger(transports=[transport], context=False, heartbeats=False, on_error=lambda _: None, **options)


def per_call(act: Callable[[int], Any], count: int) -> float:
    """Microseconds of processor time of this thread, the least of five."""
    best = float("inf")
    for _ in range(5):
        start = time.thread_time()
        for number in range(count):
            act(number)
        best = min(best, time.thread_time() - start)
    return best / count * 1e6


def of_all_threads(act: Callable[[int], Any], done: Callable[[], Any], count: int) -> float:
    """Microseconds of processor time of the process, until everything is written; the least of five."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for number in range(count):
            act(number)
        done()
        best = min(best, time.process_time() - start)
    return best / count * 1e6


def step() -> None:
    """One step: its start and its end, with counts, a source and a target."""
    recording = runledger.RecordingTransport()
    ledger = a_ledger(recording)
    run = ledger.start_run("orders", environment="prod")

    def one(work: runledger.Run) -> None:
        with work.step("load", map_index=1) as each:
            each.records(in_=1200, out=1198)
            each.source("s3://raw/orders/", type="s3", records=1200)
            each.target("lake.orders", type="delta", records=1198)

    one(run)
    ledger.close()
    events = recording.events[1:3]
    taking = a_ledger(Taking(), max_buffer_events=10**7, max_buffer_bytes=2**31)
    started = taking.start_run("orders", environment="prod")
    print(f"a step with runledger          {per_call(lambda _: one(started), 2_000):8.1f} µs")
    print(f"json.dumps of its two events   {per_call(lambda _: [json.dumps(event) for event in events], 5_000):8.1f} µs")
    logger = logging.getLogger("bench")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    handler = logging.FileHandler(os.path.join(SCRATCH, "log"))
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger.addHandler(handler)
    print(f"two lines of logging to a file {per_call(lambda _: (logger.info('started'), logger.info('done')), 5_000):8.1f} µs")
    written = a_ledger(runledger.FileTransport(os.path.join(SCRATCH, "events")), max_buffer_events=10**7)
    run_to_file = written.start_run("orders", environment="prod")
    whole = of_all_threads(lambda _: one(run_to_file), written.flush, 2_000)
    print(f"a step to a file, runledger    {per_call(lambda _: one(run_to_file), 2_000):8.1f} µs, of all threads {whole:.1f} µs")
    openlineage()


def openlineage() -> None:
    try:
        from openlineage.client import OpenLineageClient
        from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
        from openlineage.client.transport.file import FileConfig, FileTransport
        from openlineage.client.uuid import generate_new_uuid
    except ImportError:
        print("openlineage-python is not installed")
        return
    file = os.path.join(SCRATCH, "openlineage")
    client = OpenLineageClient(transport=FileTransport(FileConfig(log_file_path=file, append=True)))

    def one(_: int) -> None:
        run, job = Run(runId=str(generate_new_uuid())), Job(namespace="prod", name="orders.load")
        for state in (RunState.START, RunState.COMPLETE):
            client.emit(
                RunEvent(
                    eventType=state,
                    eventTime="2026-11-03T12:00:00.000Z",
                    run=run,
                    job=job,
                    producer="https://example.com/bench",
                    inputs=[InputDataset(namespace="s3://raw", name="orders")],
                    outputs=[OutputDataset(namespace="lake", name="orders")],
                )
            )

    whole = of_all_threads(one, lambda: None, 500)
    print(f"a step to a file, openlineage  {per_call(one, 500):8.1f} µs, of all threads {whole:.1f} µs")


def million() -> None:
    taking = Taking()
    ledger = a_ledger(taking)
    run = ledger.start_run("orders", environment="prod")
    start = time.perf_counter()
    for number in range(1_000_000):
        run.checkpoint("offset of the topic orders", {"offset": number})
    ledger.close(60)
    seconds = time.perf_counter() - start
    stats = ledger.stats()
    print(f"1,000,000 events in {seconds:.1f} s: {1e6 / seconds:,.0f} a second; {stats.sent:,} sent, {stats.dropped:,} dropped")
    print(f"a record is {taking.bytes / taking.records / 1_024_000:.0%} full")


def exec_() -> None:
    script = str(Path(__file__).resolve().parents[2] / "sh" / "runledger-exec")

    def fifty(*command: str) -> float:
        start = time.perf_counter()
        for _ in range(50):
            subprocess.run(command, check=True)
        return (time.perf_counter() - start) / 50 * 1e3

    bare = fifty("/bin/true")
    print(f"/bin/true {bare:.1f} ms; under runledger-exec {fifty(script, '--pipeline', 'bench', '--', '/bin/true'):.1f} ms")


def main(arguments: List[str]) -> None:
    figures = {"step": step, "million": million, "exec": exec_}
    for name in arguments or figures:
        figures[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
