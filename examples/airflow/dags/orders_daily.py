"""Counts the orders of each region, one mapped task a region, then writes the sums. Only what the tasks read and wrote
is reported here; the plugin reports the rest.

The parameter `slow` names a region that does not answer at the first try, `broken` one that never does.
"""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import runledger
from airflow.sdk import Asset, Param, dag, get_current_context, task

ORDERS = Path(__file__).resolve().parents[1] / "orders"


@dag(
    schedule="0 2 * * *",
    start_date=datetime(2026, 11, 1),
    catchup=False,
    params={
        "out": "/tmp/orders-by-region.json",
        "slow": Param(None, type=["null", "string"]),
        "broken": Param(None, type=["null", "string"]),
    },
)
def orders_daily() -> None:
    @task
    def list_regions() -> list[str]:
        return sorted(path.stem for path in ORDERS.glob("*.csv"))

    @task(retries=1, retry_delay=timedelta(0))
    def count_orders(region: str) -> dict[str, Any]:
        context = get_current_context()
        is_slow = context["params"]["slow"] == region and context["ti"].try_number == 1
        if is_slow or context["params"]["broken"] == region:
            raise TimeoutError(f"no answer from {region}")
        source = ORDERS / f"{region}.csv"
        with source.open(newline="", encoding="utf-8") as file:
            amounts = [float(row["amount"]) for row in csv.DictReader(file)]
        if step := runledger.current_step():
            step.source(str(source), type="csv", records=len(amounts))
            step.records(in_=len(amounts), out=1)
        return {"region": region, "orders": len(amounts), "amount": round(sum(amounts), 2)}

    @task(outlets=[Asset("file:///tmp/orders-by-region.json")])
    def write_sums(sums: list[dict[str, Any]]) -> None:
        Path(get_current_context()["params"]["out"]).write_text(json.dumps(list(sums)), encoding="utf-8")
        if step := runledger.current_step():
            step.records(in_=len(sums), out=len(sums))

    write_sums(count_orders.expand(region=list_regions()))  # type: ignore[arg-type]  # a task's result stands for its value


orders_daily()
