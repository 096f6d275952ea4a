"""Makes the job. Its role needs `firehose:PutRecordBatch` on the ledger's stream: the policy `ProducerPolicyArn` that the
stack of Runledger puts out."""

from __future__ import annotations

import boto3
from mypy_boto3_glue import GlueClient


def create_job(glue: GlueClient) -> str:
    created = glue.create_job(
        Name="orders_of_a_day",
        Role="arn:aws:iam::123456789012:role/orders-job",
        GlueVersion="5.0",
        WorkerType="G.1X",
        NumberOfWorkers=2,
        Command={"Name": "glueetl", "PythonVersion": "3", "ScriptLocation": "s3://shop-code/orders_of_a_day.py"},
        DefaultArguments={
            "--additional-python-modules": "s3://shop-code/runledger-0.1.0-py3-none-any.whl",
            "--raw": "s3://shop-raw/orders",
            "--lake": "s3://shop-lake/orders",
            "--ledger_stream": "runledger-prod",
        },
    )
    return created["Name"]


if __name__ == "__main__":
    print(create_job(boto3.client("glue")))
