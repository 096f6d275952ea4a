"""The function that the state machine calls. Its environment cannot name the execution, so its event does."""

from __future__ import annotations

from typing import Dict

import runledger
from aws_lambda_powertools.utilities.typing import LambdaContext


def handler(event: Dict[str, str], context: LambdaContext) -> None:
    with runledger.run(
        "publish_orders",
        run_id=context.aws_request_id,
        job_id=event["state_machine"],
        tags={"execution_arn": event["execution_arn"]},
    ) as run:
        with run.step("publish"):
            print(f"orders of {event['execution_arn']} are there")
