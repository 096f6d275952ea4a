"""A flow of Prefect as a run, its tasks as steps. A task that Prefect tries again is the next try of its step."""

from __future__ import annotations

from typing import List

import runledger
from prefect import flow, task


@task(retries=1)
def read_orders() -> List[float]:
    with runledger.step("read_orders") as step:
        orders = [12.5, 7.0, 30.25]
        step.records(out=len(orders))
        return orders


@task
def sum_orders(orders: List[float]) -> float:
    with runledger.step("sum_orders") as step:
        step.records(in_=len(orders), out=1)
        return sum(orders)


@flow
def orders_daily() -> float:
    with runledger.run("orders_daily"):
        return sum_orders(read_orders())


if __name__ == "__main__":
    orders_daily()
