"""Runs the job of Spark on EMR Serverless. `APPLICATION_ID` names the application."""

from __future__ import annotations

import os
import uuid

import boto3
from mypy_boto3_emr_serverless import EMRServerlessClient

SETTINGS = {"RUNLEDGER_STREAM": "runledger-prod", "RUNLEDGER_ENVIRONMENT": "prod"}


def start_job(emr: EMRServerlessClient, application_id: str) -> str:
    settings = " ".join(f"--conf spark.emr-serverless.driverEnv.{name}={value}" for name, value in SETTINGS.items())
    started = emr.start_job_run(
        applicationId=application_id,
        clientToken=str(uuid.uuid4()),
        executionRoleArn="arn:aws:iam::123456789012:role/orders-job",
        name="orders_by_day",
        jobDriver={
            "sparkSubmit": {
                "entryPoint": "s3://shop-code/orders_by_day.py",
                "entryPointArguments": ["s3://shop-raw/orders", "s3://shop-lake"],
                "sparkSubmitParameters": f"--py-files s3://shop-code/runledger.zip {settings}",
            }
        },
    )
    return started["jobRunId"]


if __name__ == "__main__":
    print(start_job(boto3.client("emr-serverless"), os.environ["APPLICATION_ID"]))
