"""Runs the job of Spark on a cluster of EMR. `CLUSTER_ID` names the cluster."""

from __future__ import annotations

import os

import boto3
from mypy_boto3_emr import EMRClient

SETTINGS = {"RUNLEDGER_STREAM": "runledger-prod", "RUNLEDGER_ENVIRONMENT": "prod"}


def add_step(emr: EMRClient, cluster_id: str) -> str:
    # In cluster mode the driver runs in a container of YARN, which gets its environment from these.
    settings = [part for name, value in SETTINGS.items() for part in ("--conf", f"spark.yarn.appMasterEnv.{name}={value}")]
    job = ["s3://shop-code/orders_by_day.py", "s3://shop-raw/orders", "s3://shop-lake"]
    command = ["spark-submit", "--deploy-mode", "cluster", "--py-files", "s3://shop-code/runledger.zip", *settings, *job]
    added = emr.add_job_flow_steps(
        JobFlowId=cluster_id,
        Steps=[{"Name": "orders_by_day", "HadoopJarStep": {"Jar": "command-runner.jar", "Args": command}}],
    )
    return added["StepIds"][0]


if __name__ == "__main__":
    print(add_step(boto3.client("emr"), os.environ["CLUSTER_ID"]))
