"""Registers the container as a task of ECS and as a job of Batch. `IMAGE` names it."""

from __future__ import annotations

import os

import boto3
from mypy_boto3_batch import BatchClient
from mypy_boto3_ecs import ECSClient

ROLE = "arn:aws:iam::123456789012:role/nightly-backup"
SETTINGS = {"RUNLEDGER_URL": "https://ledger.example.com", "RUNLEDGER_ENVIRONMENT": "prod"}
TOKEN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:runledger-token"


def register_task(ecs: ECSClient, image: str) -> str:
    registered = ecs.register_task_definition(
        family="nightly-backup",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        taskRoleArn=ROLE,
        executionRoleArn=ROLE,
        # What could not be sent when the task ends is sent by the next one.
        volumes=[{"name": "spool", "efsVolumeConfiguration": {"fileSystemId": "fs-12345678"}}],
        containerDefinitions=[
            {
                "name": "nightly-backup",
                "image": image,
                "environment": [{"name": name, "value": value} for name, value in SETTINGS.items()],
                "secrets": [{"name": "RUNLEDGER_TOKEN", "valueFrom": TOKEN}],
                "mountPoints": [{"sourceVolume": "spool", "containerPath": "/spool"}],
                # A task that is stopped gets a SIGTERM, and this long to tell of it.
                "stopTimeout": 30,
            }
        ],
    )
    return registered["taskDefinition"]["taskDefinitionArn"]


def register_job(batch: BatchClient, image: str) -> str:
    registered = batch.register_job_definition(
        jobDefinitionName="nightly-backup",
        type="container",
        platformCapabilities=["FARGATE"],
        retryStrategy={"attempts": 2},
        containerProperties={
            "image": image,
            "jobRoleArn": ROLE,
            "executionRoleArn": ROLE,
            "resourceRequirements": [{"type": "VCPU", "value": "0.25"}, {"type": "MEMORY", "value": "512"}],
            "environment": [{"name": name, "value": value} for name, value in SETTINGS.items()],
            "secrets": [{"name": "RUNLEDGER_TOKEN", "valueFrom": TOKEN}],
        },
    )
    return registered["jobDefinitionArn"]


if __name__ == "__main__":
    print(register_task(boto3.client("ecs"), os.environ["IMAGE"]))
    print(register_job(boto3.client("batch"), os.environ["IMAGE"]))
