"""What a run finds out by itself."""

from __future__ import annotations

import io
import json
import os
import sys
import types
from pathlib import Path
from typing import Any, Dict, Optional

import pytest
from runledger import Ledger, RecordingTransport
from runledger.context import aws, process, spark, with_context

from vectors import vectors


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["job.py"])
    monkeypatch.setattr(process, "_is_of_cron", lambda: False)


def found(monkeypatch: pytest.MonkeyPatch, **env: str) -> Dict[str, Any]:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return with_context({})


CASES: Dict[str, Any] = {
    "airflow": (
        {
            "AIRFLOW_CTX_DAG_ID": "orders",
            "AIRFLOW_CTX_TASK_ID": "load",
            "AIRFLOW_CTX_DAG_RUN_ID": "scheduled__2026-11-03T02:00:00+00:00",
            "AIRFLOW_CTX_TRY_NUMBER": "2",
            "AIRFLOW_CTX_LOGICAL_DATE": "2026-11-02T02:00:00+00:00",
        },
        {
            "job_id": "orders",
            "task_id": "load",
            "run_attempt": 2,
            "scheduled_for": "2026-11-03T02:00:00+00:00",
            "run_mode": "scheduled",
        },
    ),
    "mwaa": ({"AIRFLOW_CTX_DAG_ID": "orders", "AIRFLOW_ENV_NAME": "prod"}, {"job_id": "orders"}),
    "lambda": (
        {"AWS_LAMBDA_FUNCTION_NAME": "load", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "AWS_REGION": "eu-north-1"},
        {"job_id": "load", "cluster": {"cluster_size": "512 MB"}},
    ),
    "batch": ({"AWS_BATCH_JOB_ID": "b1", "AWS_BATCH_JOB_ATTEMPT": "3"}, {"job_id": "b1", "run_attempt": 3}),
    "emr-serverless": (
        {"EMR_SERVERLESS_APPLICATION_ID": "a1", "EMR_SERVERLESS_JOB_RUN_ID": "j1"},
        {"job_id": "a1", "task_id": "j1"},
    ),
    "step-functions": (
        {"EXECUTION_ARN": "arn:aws:states:eu-north-1:1:execution:nightly:e1"},
        {"job_id": "nightly"},
    ),
    "dagster": ({"DAGSTER_RUN_ID": "d1", "DAGSTER_RUN_JOB_NAME": "orders"}, {"job_id": "orders", "task_id": "d1"}),
    "prefect": ({"PREFECT__FLOW_RUN_ID": "p1"}, {"task_id": "p1"}),
    "github-actions": (
        {
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKFLOW": "nightly",
            "GITHUB_RUN_ID": "7",
            "GITHUB_RUN_ATTEMPT": "2",
            "GITHUB_ACTOR": "octocat",
            "GITHUB_SHA": "a" * 40,
        },
        {"job_id": "nightly", "task_id": "7", "run_attempt": 2, "user": "octocat", "notebook_git_sha": "a" * 40},
    ),
}


@pytest.mark.parametrize("platform", CASES)
def test_a_platform_is_known_by_what_it_sets(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    env, wanted = CASES[platform]
    told = found(monkeypatch, **env)

    assert told["tags"]["platform"] == platform
    assert {name: told.get(name) for name in wanted} == wanted


def test_glue_tells_by_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["job.py", "--JOB_NAME", "orders", "--JOB_RUN_ID", "jr_1", "--x"])
    told = found(monkeypatch)

    assert (told["tags"]["platform"], told["job_id"], told["task_id"]) == ("glue", "orders", "jr_1")


def test_emr_tells_by_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    flow = {"jobFlowId": "j-1", "masterInstanceType": "m5.xlarge", "slaveInstanceType": "r5.2xlarge", "instanceCount": 5}
    monkeypatch.setattr(aws, "open", lambda path, encoding: io.StringIO(json.dumps(flow)), raising=False)
    told = found(monkeypatch)

    assert told["cluster"] == {"cluster_id": "j-1", "driver_node_type": "m5.xlarge", "cluster_size": "5 x r5.2xlarge"}


class Conf:
    def __init__(self, **values: str) -> None:
        self.values = {name.replace("__", "."): value for name, value in values.items()}

    def get(self, key: str, default: Optional[str]) -> Optional[str]:
        if "unknown" in self.values:
            raise RuntimeError("CONFIG_NOT_AVAILABLE")
        return self.values.get(key, default)


def a_session(monkeypatch: pytest.MonkeyPatch, **conf: str) -> None:
    session = types.SimpleNamespace(version="3.5.1", conf=Conf(**conf))
    sql: Any = types.ModuleType("pyspark.sql")
    sql.SparkSession = types.SimpleNamespace(getActiveSession=lambda: session)
    monkeypatch.setitem(sys.modules, "pyspark.sql", sql)


def test_spark_is_asked_where_the_host_has_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    a_session(monkeypatch, spark__executor__instances="4", spark__app__id="app-1")
    told = found(monkeypatch)["cluster"]

    assert told == {"spark_version": "3.5.1", "executor_count": 4, "cluster_id": "app-1"}
    assert spark.executor_memory_mb(spark.session()) == {}


class Told:
    """As py4j shows an object of the JVM: every field is a method."""

    def __init__(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self, name, lambda *_, value=value: value)


def test_the_memory_of_executors_is_what_spark_tells_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    mb = 1_048_576
    told_bytes = {"JVMHeapMemory": 100 * mb, "JVMOffHeapMemory": 20 * mb}
    metrics = types.SimpleNamespace(getMetricValue=lambda name: told_bytes.get(name, 0))
    silent = Told(memoryUsed=1 * mb, peakMemoryMetrics=Told(isDefined=False))
    busy = Told(memoryUsed=7 * mb, peakMemoryMetrics=Told(isDefined=True, get=metrics))
    executors = types.SimpleNamespace(size=lambda: 3, apply=lambda at: [silent, busy, busy][at])
    context = types.SimpleNamespace(_jsc=Told(sc=Told(statusStore=Told(executorList=executors))))
    told = spark.executor_memory_mb(types.SimpleNamespace(sparkContext=context))

    assert told == {"executor_memory_used_mb": 15.0, "executor_memory_peak_mb": 240.0}


def test_a_container_of_ecs_tells_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import urllib.request

    arn = "arn:aws:ecs:eu-north-1:1"
    task = {"Family": "orders", "Revision": "7", "TaskARN": f"{arn}:task/main/t1", "Cluster": f"{arn}:cluster/main"}
    asked: Any = []

    def answer(url: str, timeout: float) -> Any:
        asked.append(url)
        return io.BytesIO(json.dumps(task).encode())

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    told = found(monkeypatch, ECS_CONTAINER_METADATA_URI_V4="http://169.254.170.2/v4/abc")

    assert (told["tags"]["platform"], told["job_id"], told["task_id"]) == ("ecs", "orders:7", "t1")
    assert told["cluster"]["cluster_id"] == "main"
    assert asked == ["http://169.254.170.2/v4/abc/task"]


def test_an_address_of_a_container_elsewhere_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    told = found(monkeypatch, ECS_CONTAINER_METADATA_URI_V4="http://192.0.2.1/v4")

    assert "platform" not in (told.get("tags") or {})


@pytest.mark.parametrize("names, is_cron", [(["cron"], True), (["sh", "crond"], True), (["sh", "bash", "cron"], False)])
def test_cron_is_the_parent_or_the_parent_of_its_shell(
    monkeypatch: pytest.MonkeyPatch, names: Any, is_cron: bool
) -> None:
    monkeypatch.undo()
    pids = {100 + at: (name, 101 + at) for at, name in enumerate([*names, "init"])}
    monkeypatch.setattr(process.os, "getppid", lambda: 100)

    def read(path: str) -> str:
        name, parent = pids[int(path.split("/")[2])]
        return f"1 ({name}) S {parent} 1 1"

    monkeypatch.setattr(process, "_read", read)
    assert process._is_of_cron() is is_cron


def test_databricks_tells_by_its_cluster_and_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    tags = "spark__databricks__clusterUsageTags__"
    a_session(
        monkeypatch,
        **{f"{tags}clusterId": "0123-456", f"{tags}clusterNodeType": "r5.4xlarge", f"{tags}clusterWorkers": "8"},
    )
    context = {"tags": {"jobId": "347", "user": "bob@example.com"}, "extraContext": {"notebook_path": "/Repos/x"}}
    notebook = types.SimpleNamespace(safeToJson=lambda: json.dumps(context))
    getters = types.SimpleNamespace(notebook=lambda: types.SimpleNamespace(getContext=lambda: notebook))
    dbutils = types.SimpleNamespace(entry_point=types.SimpleNamespace(getDbutils=lambda: getters))
    monkeypatch.setattr(sys.modules["__main__"], "dbutils", dbutils, raising=False)
    told = found(monkeypatch, DATABRICKS_RUNTIME_VERSION="15.4")

    assert told["cluster"]["cluster_id"] == "0123-456"
    assert told["cluster"]["cluster_size"] == "8 x r5.4xlarge"
    assert (told["job_id"], told["notebook_path"], told["user"]) == ("347", "/Repos/x", "bob@example.com")
    assert told["tags"]["databricks_runtime"] == "15.4"


def test_a_platform_that_cannot_be_asked_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    a_session(monkeypatch, unknown="1")

    def broken() -> None:
        raise OSError("no user")

    monkeypatch.setattr(process, "_user", broken)
    assert found(monkeypatch, DATABRICKS_RUNTIME_VERSION="15.4")["tags"]["platform"] == "databricks"


def test_what_is_given_counts_more_than_what_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CTX_DAG_ID", "orders")
    transport = RecordingTransport()
    ledger = Ledger(transports=[transport], environment="test")
    with ledger.run("orders", job_id="mine", tags={"team": "crm"}):
        pass
    ledger.close()

    start = transport.events[0]
    assert start["job_id"] == "mine"
    assert start["tags"] == {"platform": "airflow", "team": "crm"}
    assert start["user"]


def test_the_commit_is_read_from_files(tmp_path: Path) -> None:
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "refs" / "heads" / "main").write_text("b" * 40 + "\n")
    (tmp_path / "jobs").mkdir()
    assert process.git_sha(str(tmp_path / "jobs")) == "b" * 40

    (git / "refs" / "heads" / "main").unlink()
    (git / "packed-refs").write_text(f"# packed\n{'c' * 40} refs/heads/main\n")
    assert process.git_sha(str(tmp_path)) == "c" * 40

    (git / "HEAD").write_text("d" * 40)
    assert process.git_sha(str(tmp_path)) == "d" * 40


def test_without_a_repository_there_is_no_commit(tmp_path: Path) -> None:
    assert process.git_sha(str(tmp_path)) is None


@pytest.mark.parametrize("case", vectors("context.json"), ids=lambda case: case["name"])
def test_where_a_run_happens_is_found_as_in_every_client(
    case: Dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files: Dict[str, str] = case.get("files", {})
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in case["env"].items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["job.py", *case.get("argv", [])])
    for path, text in files.items():
        if not path.startswith("/"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)

    def opened(path: str, encoding: str) -> Any:
        if path not in files:
            raise FileNotFoundError(path)
        return io.StringIO(files[path])

    monkeypatch.setattr(aws, "open", opened, raising=False)
    monkeypatch.setattr(process, "_folder_of_the_program", lambda: str(tmp_path / "jobs"))

    assert _told(with_context({})) == case["found"]


def _told(found: Dict[str, Any]) -> Dict[str, Any]:
    """Without what was not found."""
    told = {name: _told(value) if isinstance(value, dict) else value for name, value in found.items()}
    return {name: value for name, value in told.items() if value not in (None, {})}
