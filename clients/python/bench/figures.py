"""What the client costs: `python clients/python/bench/figures.py [step] [million] [away SECONDS] [exec]`. Prints figures,
never fails on them. `step` compares with openlineage-python where that is installed; `exec` needs a ledger at
RUNLEDGER_URL."""

from __future__ import annotations

import json
import logging
import os
import resource
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
    print(f"a step to a file, runledger    {per_call(lambda _: one(run_to_file), 2_000):8.1f} µs")
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

    print(f"a step to a file, openlineage  {per_call(one, 500):8.1f} µs")


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


def away(seconds: int) -> None:
    """A job that computes, and tells 1,000 events a second: to a ledger that takes them, and to one that is away."""

    def work(ledger: runledger.Ledger) -> float:
        """Microseconds of the job's own processor time for a unit of work and an event. The clock decides how long it
        goes on, so that what others do on the machine does not count."""
        run = ledger.start_run("orders", environment="prod")
        start, cpu, told = time.perf_counter(), time.thread_time(), 0
        while (now := time.perf_counter() - start) < seconds:
            if told < now * 1_000:
                sum(range(20_000))
                run.checkpoint("offset of the topic orders", {"offset": told})
                told += 1
            else:
                time.sleep(0.0005)
        return (time.thread_time() - cpu) / told * 1e6

    def memory_mb() -> float:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    there = a_ledger(Taking())
    at_once = work(there)
    before_mb = memory_mb()
    spool = os.path.join(SCRATCH, "spool")
    gone = runledger.Ledger(url="http://127.0.0.1:9", spool=spool, context=False, heartbeats=False, on_error=lambda _: None)
    waiting = work(gone)
    grown_mb = memory_mb() - before_mb
    gone.close()
    stats = gone.stats()
    size_mb = sum(file.stat().st_size for file in Path(spool).rglob("*") if file.is_file()) / 1_048_576
    print(f"{seconds} s with the ledger away: its own time for a unit of work is {waiting:.0f} µs, with one {at_once:.0f} µs")
    print(f"memory grew by {grown_mb:.1f} MB; {stats.emitted:,} events, {stats.spooled:,} in the spool ({size_mb:.0f} MB)")
    print(f"{stats.dropped:,} dropped")


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
    wanted = arguments or ["step", "million", "away", "exec"]
    seconds = next((int(each) for each in wanted if each.isdigit()), 60)
    figures = {"step": step, "million": million, "away": lambda: away(seconds), "exec": exec_}
    for name in wanted:
        if name in figures:
            figures[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
