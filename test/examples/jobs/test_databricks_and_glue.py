"""The notebook of Databricks and the job of Glue under local Spark, with what their platforms put around them."""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Dict, List

from databricks.sdk import WorkspaceClient
from ledger import EXAMPLES, Shown, told

#: What a notebook finds there. `saveAsTable` writes to the warehouse of this session.
NOTEBOOK = """
import sys
from types import ModuleType, SimpleNamespace
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.config("spark.sql.warehouse.dir", sys.argv[2]).getOrCreate()
for name in ("bronze", "silver"):
    spark.sql(f"create database {name}")
spark.range(10).select("id", (F.col("id") % 3).alias("customer_id"), F.lit("2026-11-03").alias("day")).write.saveAsTable("bronze.orders")
spark.range(2).withColumnRenamed("id", "customer_id").write.saveAsTable("bronze.customers")
runtime = ModuleType("databricks.sdk.runtime")
runtime.spark = spark
runtime.dbutils = SimpleNamespace(widgets=SimpleNamespace(get=lambda name: "2026-11-03"))
sys.modules["databricks.sdk.runtime"] = runtime
exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"))
"""

#: `getResolvedOptions` of Glue's own library, which is in no registry under a licence that we could use.
GLUE = """
import sys
from types import ModuleType
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.getOrCreate()
spark.range(10).select("id", F.concat(F.lit("2026-11-0"), F.col("id") % 2 + 3).alias("day")).write.parquet(sys.argv[2])
utils = ModuleType("awsglue.utils")
utils.getResolvedOptions = lambda argv, names: {name: argv[argv.index(f"--{name}") + 1] for name in names}
sys.modules["awsglue"] = ModuleType("awsglue")
sys.modules["awsglue.utils"] = utils
script = sys.argv[1]
sys.argv = [script, "--JOB_NAME", "orders", "--JOB_RUN_ID", "jr_1", "--day", "2026-11-03", "--raw", sys.argv[2], "--lake", sys.argv[3],
            "--ledger_stream", "runledger-prod"]
exec(compile(open(script).read(), script, "exec"))
"""


def test_a_notebook_of_databricks_counts_what_spark_read_and_wrote(
    shown: Shown, tmp_path: Path, spark_settings: Dict[str, str]
) -> None:
    notebook = str(EXAMPLES / "databricks" / "orders_notebook.py")
    shown.run_example(
        sys.executable, "-c", NOTEBOOK, notebook, str(tmp_path / "warehouse"), cwd=tmp_path,
        env={"DATABRICKS_RUNTIME_VERSION": "16.4", **spark_settings},
    )  # fmt: skip

    run = shown.run("orders_silver")
    assert (run["status"], int(run["records_in"]), int(run["records_out"])) == ("SUCCESS", 12, 7)
    assert "databricks" in str(shown.start("orders_silver")["tags"])
    assert [told(step) for step in shown.steps("orders_silver")] == [("join_customers", "SUCCESS", 12, 7)]


def test_a_job_of_glue_sends_by_firehose(shown: Shown, tmp_path: Path, spark_settings: Dict[str, str]) -> None:
    script = str(EXAMPLES / "glue" / "orders_of_a_day.py")
    shown.run_example(
        sys.executable, "-c", GLUE, script, str(tmp_path / "raw"), str(tmp_path / "lake"), cwd=tmp_path,
        env={
            "AWS_ENDPOINT_URL_FIREHOSE": shown.env()["RUNLEDGER_URL"], "AWS_ACCESS_KEY_ID": "any",
            "AWS_SECRET_ACCESS_KEY": "any", "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1",
            "GLUE_VERSION": "5.0", **spark_settings,
        },
    )  # fmt: skip

    run = Shown("prod").run("orders_of_a_day")
    assert (run["status"], run["job_id"]) == ("SUCCESS", "orders")
    assert (int(run["records_in"]), int(run["records_out"])) == (10, 5)


def test_the_job_of_databricks_is_such_as_its_sdk_sends() -> None:
    sent: List[Dict[str, Any]] = []

    class Workspace(BaseHTTPRequestHandler):
        """Takes a job; knows nothing else."""

        def do_GET(self) -> None:
            self.send_error(404)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            sent.append({"path": self.path, **body})
            answer = json.dumps({"job_id": 7}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Workspace)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        workspace = WorkspaceClient(host=f"http://127.0.0.1:{server.server_address[1]}", token="any")
        path = EXAMPLES / "databricks" / "create_databricks_job.py"
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert module.create_job(workspace) == 7
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

    (job,) = sent
    assert job["path"].endswith("/jobs/create")
    assert "RUNLEDGER_TOKEN" in json.dumps(job["job_clusters"][0]["new_cluster"]["spark_env_vars"])
