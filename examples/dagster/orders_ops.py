"""A job of Dagster in one process, each op a step. Failed ops fail the run."""

from contextlib import contextmanager
from typing import Iterator, List, Optional

import dagster as dg
import runledger


class Ledger(dg.ConfigurableResource["Ledger"]):
    """Opens a run with the job's, and ends it with it."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Ledger"]:
        job_run = context.dagster_run
        run = runledger.start_run(
            job_run.job_name if job_run else "unnamed",
            run_id=context.run_id,
            run_mode="scheduled" if job_run and "dagster/schedule_name" in job_run.tags else "manual",
            tags={"platform": "dagster"},
        )
        try:
            yield self
        finally:
            run.end()


@dg.op(retry_policy=dg.RetryPolicy(max_retries=1))
def read_orders(context: dg.OpExecutionContext, ledger: Ledger) -> List[float]:
    with runledger.step(context.op.name, attempt=context.retry_number + 1) as step:
        orders = [12.5, 7.0, 30.25]
        step.records(out=len(orders))
        return orders


@dg.op
def sum_orders(context: dg.OpExecutionContext, ledger: Ledger, orders: List[float]) -> Optional[float]:
    with runledger.step(context.op.name) as step:
        step.records(in_=len(orders), out=1)
        return sum(orders)


@dg.job(resource_defs={"ledger": Ledger()}, executor_def=dg.in_process_executor)
def orders_daily() -> None:
    sum_orders(read_orders())


definitions = dg.Definitions(
    jobs=[orders_daily], schedules=[dg.ScheduleDefinition(job=orders_daily, cron_schedule="0 2 * * *")]
)
