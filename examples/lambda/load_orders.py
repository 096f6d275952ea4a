"""A function of Lambda that loads the orders of a message queue."""

from __future__ import annotations

import json
import sqlite3

import runledger
from aws_lambda_powertools.utilities.data_classes import SQSEvent, event_source
from aws_lambda_powertools.utilities.typing import LambdaContext


@event_source(data_class=SQSEvent)
def handler(event: SQSEvent, context: LambdaContext) -> None:
    with runledger.run("load_orders", run_id=context.aws_request_id) as run:
        with run.step("read") as step:
            orders = [json.loads(record.body) for record in event.records]
            step.records(in_=len(orders), out=len(orders))
        with run.step("write") as step, sqlite3.connect("/tmp/orders.db") as database:
            database.execute("create table if not exists orders (id text primary key, amount real)")
            database.executemany("insert or replace into orders values (:id, :amount)", orders)
            step.records(in_=len(orders), out=len(orders))
            step.target("orders", type="sqlite", records=len(orders))
