"""Copies the day's orders from the shop's database to a file of CSV. Run it from cron: see crontab.

nightly_orders.py DATABASE FOLDER
"""

from __future__ import annotations

import csv
import sqlite3
import sys
from datetime import date
from pathlib import Path

import runledger


def main(database: str, folder: str) -> None:
    out = Path(folder) / f"orders-{date.today()}.csv"
    with runledger.run("nightly_orders", owner="team-shop", sla=600_000):
        with runledger.step("read") as step:
            with sqlite3.connect(database) as shop:
                orders = shop.execute("select id, customer, amount from orders").fetchall()
            step.source(database, type="sqlite", records=len(orders))
            step.records(in_=len(orders), out=len(orders))
        with runledger.step("check") as step:
            unpaid = sum(amount is None for _, _, amount in orders)
            step.quality("amount_present", unpaid == 0, records_checked=len(orders), records_failed=unpaid)
        with runledger.step("write") as step:
            with out.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([("id", "customer", "amount"), *orders])
            step.target(str(out), type="csv", records=len(orders), size_bytes=out.stat().st_size)
            step.records(out=len(orders))


if __name__ == "__main__":
    main(*sys.argv[1:3])
