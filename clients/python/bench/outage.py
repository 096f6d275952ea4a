"""What a ledger that is away costs a job: `python clients/python/bench/outage.py [SECONDS]`, by default ten minutes.

Three jobs side by side compute and tell 1,000 events a second: to a ledger that takes them, to one that is away, and to
one that is away with room for a quarter of it in the spool. Then the ledger comes back, and everything is counted."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import runledger

PER_SECOND = 1_000
TIGHT_BYTES = 64 * 1024 * 1024


class Taking:
    name = "taking"

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        return None


def job(url: str, spool: str, seconds: int) -> None:
    """A process of its own: prints what it measured when the time is over, and when everything has been sent."""
    options: Dict[str, Any] = {"url": url, "spool": spool} if url else {"transports": [Taking()]}
    ledger = runledger.Ledger(context=False, heartbeats=False, on_error=lambda _: None, **options)
    run = ledger.start_run("orders", environment="prod")
    calls: List[float] = []
    units_s, told = 0.0, 0
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, cpu = time.perf_counter(), time.thread_time()
    while (now := time.perf_counter() - start) < seconds:
        if told >= now * PER_SECOND:
            time.sleep(0.0005)
            continue
        unit = time.perf_counter()
        sum(range(5_000))
        called = time.perf_counter()
        run.checkpoint("offset of the topic orders", {"offset": told})
        ended = time.perf_counter()
        units_s += ended - unit
        calls.append(ended - called)
        told += 1
    cpu_us = (time.thread_time() - cpu) / told * 1e6
    calls.sort()
    stats = ledger.stats()
    measured = {
        "told": told,
        "cpu_us": cpu_us,
        "wall_us": units_s / told * 1e6,
        "call_p99_us": calls[int(len(calls) * 0.99)] * 1e6,
        "call_max_ms": calls[-1] * 1e3,
        # The list of what was measured is not the client's.
        "grown_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024 - sys.getsizeof(calls) / 2**20 - told * 24 / 2**20,
        "spooled": stats.spooled,
        "dropped": stats.dropped,
        "spool_mb": sum(file.stat().st_size for file in Path(spool).rglob("*") if file.is_file()) / 2**20,
    }
    print(json.dumps(measured), flush=True)
    sys.stdin.readline()
    back = time.perf_counter()
    while ledger.stats().pending or any(each.waiting()[0] for each in ledger.spools()):
        time.sleep(0.05)
    ledger.close(60)
    print(json.dumps({"emitted": ledger.stats().emitted, "dropped": ledger.stats().dropped, "seconds": time.perf_counter() - back}))


class Counting:
    """The ledger that comes back: it notes which event of which producer arrived, and how many it is told are lost."""

    def __init__(self, port: int) -> None:
        self.arrived: Set[Tuple[str, int]] = set()
        self.told_dropped = 0
        counting = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                for line in body.splitlines():
                    event = json.loads(line)
                    counting.arrived.add((event["producer"]["instance_id"], event["producer"]["seq"]))
                    counting.told_dropped += event.get("metrics", {}).get("runledger.events_dropped", 0)
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


def a_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def main(seconds: int) -> None:
    ports = {"there": 0, "away": a_free_port(), "tight": a_free_port()}
    jobs = {}
    for name, port in ports.items():
        env = {**os.environ, **({"RUNLEDGER_SPOOL_BYTES": str(TIGHT_BYTES)} if name == "tight" else {})}
        url = f"http://127.0.0.1:{port}" if port else ""
        command = [sys.executable, __file__, "job", url, tempfile.mkdtemp(prefix="runledger-outage-"), str(seconds)]
        jobs[name] = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def read(name: str) -> Dict[str, float]:
        out = jobs[name].stdout
        assert out is not None
        measured: Dict[str, float] = json.loads(out.readline())
        return measured

    measured = {name: read(name) for name in jobs}
    there = measured["there"]
    print(f"{seconds} s at {PER_SECOND:,} events a second, beside a ledger that takes everything:")
    for name, one in measured.items():
        print(
            f"{name:6} {one['told']:9,} events; a unit of work and an event: {one['cpu_us']:.0f} µs of processor "
            f"({one['cpu_us'] / there['cpu_us'] - 1:+.1%}), {one['wall_us']:.0f} µs by the clock "
            f"({one['wall_us'] / there['wall_us'] - 1:+.1%}); a call {one['call_p99_us']:.0f} µs at p99, "
            f"{one['call_max_ms']:.0f} ms at most; memory grew by {one['grown_mb']:.1f} MB"
        )
    for name in ("away", "tight"):
        before = measured[name]
        print(f"{name:6} {before['spooled']:9,} spooled, {before['spool_mb']:.0f} MB on disk, {before['dropped']:,} dropped")
        ledger = Counting(ports[name])
        out, _ = jobs[name].communicate("\n")
        after = json.loads(out)
        is_all = len(ledger.arrived) + after["dropped"] == after["emitted"]
        print(
            f"       back: {after['emitted']:,} emitted = {len(ledger.arrived):,} arrived + {after['dropped']:,} dropped"
            f"{'' if is_all else ' IS NOT SO'}; told of {ledger.told_dropped:,} dropped; all sent in {after['seconds']:.0f} s"
        )
    jobs["there"].communicate("\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["job"]:
        job(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
