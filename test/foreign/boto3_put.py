"""Puts a file of NDJSON lines through an unmodified boto3, packed as a producer would, and prints what was sent.

    python boto3_put.py http://127.0.0.1:4319 events.ndjson [--stream runledger] [--record-bytes 100000]

Credentials and region come from the environment as boto3 takes them; without any, "any" is used: the server asks for an
access key id only when it was started with a token. Prints one line of JSON: lines, records, calls, failed, bytes.
Ends with status 1 when a record failed.
"""

import argparse
import json
import os
import sys

import boto3

MAX_RECORDS = 500
MAX_RECORD_BYTES = 1000 * 1024
MAX_CALL_BYTES = 4 * 1024 * 1024


def packed(lines, record_bytes):
    """Joins lines into records of at most record_bytes; a longer line is a record of its own."""
    record, size = [], 0
    for line in lines:
        if record and size + len(line) > record_bytes:
            yield b"".join(record)
            record, size = [], 0
        record.append(line)
        size += len(line)
    if record:
        yield b"".join(record)


def batched(records):
    """Groups records into calls within the limits of PutRecordBatch."""
    batch, size = [], 0
    for record in records:
        if batch and (len(batch) == MAX_RECORDS or size + len(record) > MAX_CALL_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += len(record)
    if batch:
        yield batch


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("endpoint")
    parser.add_argument("file")
    parser.add_argument("--stream", default="runledger")
    parser.add_argument("--record-bytes", type=int, default=100_000)
    arguments = parser.parse_args()

    os.environ.setdefault("AWS_ACCESS_KEY_ID", "any")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "any")
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    firehose = boto3.client("firehose", endpoint_url=arguments.endpoint)

    with open(arguments.file, "rb") as file:
        lines = [line if line.endswith(b"\n") else line + b"\n" for line in file if line.strip()]
    counts = {"lines": len(lines), "records": 0, "calls": 0, "failed": 0, "bytes": 0}
    for batch in batched(packed(lines, min(arguments.record_bytes, MAX_RECORD_BYTES))):
        answer = firehose.put_record_batch(
            DeliveryStreamName=arguments.stream, Records=[{"Data": record} for record in batch]
        )
        assert len(answer["RequestResponses"]) == len(batch)
        counts["records"] += len(batch)
        counts["calls"] += 1
        counts["failed"] += answer["FailedPutCount"]
        counts["bytes"] += sum(len(record) for record in batch)
    print(json.dumps(counts))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
