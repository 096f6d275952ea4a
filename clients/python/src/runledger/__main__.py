"""`runledger spool list|send`, or `python -m runledger`: what could not be sent."""

from __future__ import annotations

import os
import sys
from typing import List

from ._version import VERSION
from .ledger import Ledger

_USAGE = """Usage: runledger spool list|send

What the Python client could not send waits in a spool: `list` says how much, `send` sends it now.
It is the client's program; that of the ledger (serve, runs, query, ...) is the npm package runledger."""


def console() -> int:
    """The command that a wheel installs."""
    return main(sys.argv[1:])


def main(arguments: List[str]) -> int:
    if arguments in (["--help"], ["-h"]):
        print(_USAGE)
        return 0
    if arguments == ["--version"]:
        print(VERSION)
        return 0
    if arguments[:1] != ["spool"] or arguments[1:] not in (["list"], ["send"]):
        print(_USAGE, file=sys.stderr)
        return 2
    ledger = Ledger(env={**os.environ, "RUNLEDGER_DEBUG": "1"})
    spools = ledger.spools()
    if not spools:
        print("There is no spool: RUNLEDGER_SPOOL turns it off.", file=sys.stderr)
        return 1
    if arguments[1] == "send":
        ledger.send_spooled(timeout_s=600.0)
        sent = ledger.stats().sent
        print(f"{sent:,} events sent")
    left = 0
    for spool in spools:
        files, events = spool.waiting()
        left += events
        print(f"{spool.folder}: {events:,} events in {files:,} files wait")
    return 1 if left and arguments[1] == "send" else 0


if __name__ == "__main__":
    sys.exit(console())
