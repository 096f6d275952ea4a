"""Functions of Lambda are called as Lambda calls them; calls of AWS are held against botocore's own models."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Dict

import boto3
import pytest
from botocore.stub import Stubber
from ledger import EXAMPLES, ROOT, Shown, told

LAMBDA = """
import importlib, json, sys
from types import SimpleNamespace
sys.path.insert(0, sys.argv[1])
handler = importlib.import_module(sys.argv[2]).handler
for number, event in enumerate(json.loads(sys.argv[3]), 1):
    context = SimpleNamespace(aws_request_id=f"request-{number}", function_name=sys.argv[2])
    try:
        handler(event, context)
    except Exception as error:
        print(type(error).__name__)
# A function is frozen, not ended.
sys.stdout.flush()
import os
os._exit(0)
"""

FUNCTION = {
    "AWS_LAMBDA_FUNCTION_NAME": "load-orders",
    "AWS_LAMBDA_FUNCTION_VERSION": "3",
    "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/03/[3]abc",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
    "AWS_REGION": "eu-central-1",
}


def call(shown: Shown, folder: str, module: str, *events: Any) -> "subprocess.CompletedProcess[str]":
    return shown.run_example(
        sys.executable, "-c", LAMBDA, str(EXAMPLES / folder), module, json.dumps(events), env=FUNCTION
    )


def queued(*orders: Dict[str, Any]) -> Dict[str, Any]:
    return {"Records": [{"messageId": "m", "body": json.dumps(order)} for order in orders]}


def test_each_call_of_a_function_is_a_run_that_is_told_before_the_function_freezes(shown: Shown) -> None:
    call(shown, "lambda", "load_orders", queued({"id": "a", "amount": 1.0}, {"id": "b", "amount": 2.5}), queued())

    first, second = shown.runs("load_orders")
    assert (first["run_id"], first["status"], int(first["records_out"])) == ("request-1", "SUCCESS", 2)
    assert (second["run_id"], int(second["records_in"])) == ("request-2", 0)
    assert (first["job_id"], first["cluster_size"]) == ("load-orders", "512 MB")
    steps = [step for step in shown.steps("load_orders") if step["run_id"] == "request-1"]
    assert [told(step) for step in steps] == [("read", "SUCCESS", 2, 2), ("write", "SUCCESS", 2, 2)]


def test_a_call_that_fails_is_a_failed_run(shown: Shown) -> None:
    ended = call(shown, "lambda", "load_orders", {"Records": [{"messageId": "m", "body": "no JSON"}]})

    assert "JSONDecodeError" in ended.stdout
    run = shown.run("load_orders")
    assert (run["status"], run["error_code"], run["error_step"]) == ("FAILED", "D201", "read")


def test_a_function_of_a_state_machine_names_its_execution(shown: Shown) -> None:
    machine = json.loads((EXAMPLES / "step-functions" / "state_machine.json").read_text(encoding="utf-8"))
    arn = "arn:aws:states:eu-central-1:123456789012:execution:orders:one"
    paths = {"$$.Execution.Id": arn, "$$.StateMachine.Name": "orders"}
    payload = machine["States"]["Publish"]["Parameters"]["Payload"]
    call(shown, "step-functions", "publish_orders", {name.rstrip("$").rstrip("."): paths[path] for name, path in payload.items()})

    run = shown.run("publish_orders")
    assert (run["status"], run["job_id"]) == ("SUCCESS", "orders")
    assert arn in str(shown.start("publish_orders")["tags"])


def test_a_container_of_a_state_machine_names_its_execution(shown: Shown, tmp_path: Path) -> None:
    machine = json.loads((EXAMPLES / "step-functions" / "state_machine.json").read_text(encoding="utf-8"))
    (override,) = machine["States"]["Load"]["Parameters"]["Overrides"]["ContainerOverrides"]
    (variable,) = override["Environment"]
    assert (variable["Name"], variable["Value.$"]) == ("EXECUTION_ARN", "$$.Execution.Id")
    arn = "arn:aws:states:eu-central-1:123456789012:execution:orders:one"
    code = "import runledger\nwith runledger.run('load_orders'): pass"
    shown.run_example(sys.executable, "-c", code, env={"EXECUTION_ARN": arn})

    assert shown.run("load_orders")["job_id"] == "orders"


def test_a_container_that_is_stopped_is_cancelled(shown: Shown, tmp_path: Path) -> None:
    dockerfile = (EXAMPLES / "containers" / "Dockerfile").read_text(encoding="utf-8")
    (entrypoint,) = [json.loads(line.split(" ", 1)[1]) for line in dockerfile.splitlines() if line.startswith("ENTRYPOINT")]
    assert entrypoint[0] == "/opt/runledger-exec"
    # Its own command prints a line, and then takes longer than anybody waits.
    command = [str(ROOT / "clients" / "sh" / "runledger-exec"), *entrypoint[1:], "sh", "-c", "echo begun; exec sleep 600"]
    process = subprocess.Popen(command, env={**os.environ, **shown.env()}, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)
    process.stdout.close()

    assert shown.run("nightly_backup")["status"] == "CANCELLED"


def module_of(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(Path(path).stem, EXAMPLES / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("path", "function", "service", "operation", "answer", "arguments"),
    [
        ("glue/create_glue_job.py", "create_job", "glue", "create_job", {"Name": "n"}, ()),
        ("emr/add_step.py", "add_step", "emr", "add_job_flow_steps", {"StepIds": ["n"]}, ("j-1",)),
        (
            "emr/start_serverless_job.py", "start_job", "emr-serverless", "start_job_run",
            {"applicationId": "app1", "jobRunId": "n", "arn": "arn:aws:emr-serverless:eu-central-1:123456789012:/applications/app1/jobruns/n"},
            ("app1",),
        ),
        (
            "containers/register.py", "register_task", "ecs", "register_task_definition",
            {"taskDefinition": {"taskDefinitionArn": "n"}}, ("image",),
        ),
        (
            "containers/register.py", "register_job", "batch", "register_job_definition",
            {"jobDefinitionName": "n", "jobDefinitionArn": "n", "revision": 1}, ("image",),
        ),
    ],
)  # fmt: skip
def test_calls_of_aws_are_such_as_its_models_take(
    path: str, function: str, service: Any, operation: str, answer: Dict[str, Any], arguments: Any
) -> None:
    client = boto3.client(service, region_name="eu-central-1", aws_access_key_id="any", aws_secret_access_key="any")
    with Stubber(client) as stubber:
        stubber.add_response(operation, answer)
        assert getattr(module_of(path), function)(client, *arguments) == "n"
        stubber.assert_no_pending_responses()
