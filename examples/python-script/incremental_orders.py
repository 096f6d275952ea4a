"""Loads the orders that are new since the last run that succeeded. The ledger remembers how far that was.

incremental_orders.py DATABASE
"""

from __future__ import annotations

import sqlite3
import sys
from datetime import datetime, timezone

import runledger

BEGINNING = datetime(2026, 1, 1, tzinfo=timezone.utc)


def main(database: str) -> None:
    # Raises when the ledger does not answer: taking that for "never ran" would load everything again.
    reached = runledger.watermark("incremental_orders").data_until or BEGINNING
    now = datetime.now(timezone.utc)
    with runledger.run("incremental_orders", data_interval_start=reached, data_interval_end=now) as run:
        with run.step("load") as step, sqlite3.connect(database) as shop:
            bounds = (reached.isoformat(), now.isoformat())
            loaded = shop.execute(
                "insert into loaded select id, amount from orders where placed_at >= ? and placed_at < ?", bounds
            ).rowcount
            step.records(in_=loaded, out=loaded)
            step.source(f"{database}#orders", type="sqlite", records=loaded)
            step.target(f"{database}#loaded", type="sqlite", records=loaded)


if __name__ == "__main__":
    main(sys.argv[1])
