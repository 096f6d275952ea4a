"""Services of AWS: Lambda, Glue, EMR, EMR Serverless, Batch, ECS, Step Functions."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Dict, Optional

Found = Dict[str, Any]


def found() -> Found:
    for find in (_lambda, _glue, _batch, _ecs, _emr_serverless, _emr):
        result = find()
        if result:
            return _in_step_function(result)
    return _in_step_function({})


def _lambda() -> Found:
    name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
    if not name:
        return {}
    return {
        "job_id": name,
        "task_id": os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME"),
        "cluster": {"cluster_size": _suffixed(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), " MB")},
        "tags": {
            "platform": "lambda",
            "lambda_version": os.environ.get("AWS_LAMBDA_FUNCTION_VERSION"),
            "region": _region(),
        },
    }


def _glue() -> Found:
    """Glue passes what it knows as arguments of the script."""
    job, run = _argument("--JOB_NAME"), _argument("--JOB_RUN_ID")
    if not run and not os.environ.get("GLUE_VERSION"):
        return {}
    return {
        "job_id": job,
        "task_id": run,
        "tags": {"platform": "glue", "glue_version": os.environ.get("GLUE_VERSION"), "region": _region()},
    }


def _batch() -> Found:
    job = os.environ.get("AWS_BATCH_JOB_ID")
    if not job:
        return {}
    attempt = os.environ.get("AWS_BATCH_JOB_ATTEMPT", "")
    return {
        "job_id": job,
        "task_id": os.environ.get("AWS_BATCH_JOB_ARRAY_INDEX"),
        "run_attempt": int(attempt) if attempt.isdigit() else None,
        "tags": {"platform": "batch", "batch_queue": os.environ.get("AWS_BATCH_JQ_NAME"), "region": _region()},
    }


def _ecs() -> Found:
    address = os.environ.get("ECS_CONTAINER_METADATA_URI_V4", "")
    # Only where the platform says it is: an address of the machine itself.
    if not address.startswith("http://169.254."):
        return {}
    import urllib.request

    task: Dict[str, Any] = {}
    try:
        with urllib.request.urlopen(f"{address}/task", timeout=0.5) as answer:
            task = json.loads(answer.read(1_048_576))
    except (OSError, ValueError):
        task = {}
    return {
        "job_id": _suffixed(task.get("Family"), f":{task.get('Revision')}"),
        "task_id": str(task.get("TaskARN", "")).rpartition("/")[2] or None,
        "cluster": {"cluster_id": str(task.get("Cluster", "")).rpartition("/")[2] or None},
        "tags": {"platform": "ecs", "region": _region()},
    }


def _emr_serverless() -> Found:
    application = os.environ.get("EMR_SERVERLESS_APPLICATION_ID") or os.environ.get("AWS_EMR_SERVERLESS_APPLICATION_ID")
    if not application:
        return {}
    run = os.environ.get("EMR_SERVERLESS_JOB_RUN_ID") or os.environ.get("AWS_EMR_SERVERLESS_JOB_RUN_ID")
    return {
        "job_id": application,
        "task_id": run,
        "cluster": {"cluster_id": application},
        "tags": {"platform": "emr-serverless", "region": _region()},
    }


def _emr() -> Found:
    for path in ("/emr/instance-controller/lib/info/job-flow.json", "/mnt/var/lib/info/job-flow.json"):
        try:
            with open(path, encoding="utf-8") as file:
                flow = json.load(file)
        except (OSError, ValueError):
            continue
        return {
            "task_id": os.environ.get("EMR_STEP_ID"),
            "cluster": {
                "cluster_id": flow.get("jobFlowId"),
                "driver_node_type": flow.get("masterInstanceType"),
                "cluster_size": _suffixed(flow.get("instanceCount"), f" x {flow.get('slaveInstanceType')}"),
            },
            "tags": {"platform": "emr", "region": _region()},
        }
    return {}


def _in_step_function(found: Found) -> Found:
    """A state machine passes its execution on as `EXECUTION_ARN` (`$$.Execution.Id`)."""
    arn = os.environ.get("EXECUTION_ARN") or os.environ.get("AWS_STEP_FUNCTIONS_EXECUTION_ARN")
    if not arn or ":execution:" not in arn:
        return found
    tags = {"platform": "step-functions", **(found.get("tags") or {}), "execution_arn": arn}
    return {**found, "job_id": arn.split(":")[-2], "tags": tags}


def _region() -> Optional[str]:
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")


def _argument(name: str) -> Optional[str]:
    if name in sys.argv[:-1]:
        return sys.argv[sys.argv.index(name) + 1]
    return next((each.partition("=")[2] for each in sys.argv if each.startswith(f"{name}=")), None)


def _suffixed(value: Any, suffix: str) -> Optional[str]:
    return None if value in (None, "") else f"{value}{suffix}"
