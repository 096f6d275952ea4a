"""Jobs of Spark as they are submitted, with real Spark and real Parquet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Dict

import pytest
from ledger import Shown, told

MAKE = """
import sys
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.getOrCreate()
orders = spark.range(100).select(
    (F.col("id") % 80).alias("order_id"),
    F.when(F.col("id") % 10 != 0, F.col("id") * 1.5).alias("amount"),
    F.concat(F.lit("2026-11-0"), F.col("id") % 5 + 1).alias("day"),
)
orders.write.parquet(sys.argv[1])
"""


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory, spark_settings: Dict[str, str]) -> str:
    """100 orders: ten without an amount, and of the others 18 again under a number that was there."""
    path = str(tmp_path_factory.mktemp("raw") / "orders")
    subprocess.run([sys.executable, "-c", MAKE, path], env={**os.environ, **spark_settings}, check=True, capture_output=True)
    return path



def test_a_job_of_spark_shows_what_spark_counted(
    shown: Shown, raw: str, tmp_path: Path, spark_settings: Dict[str, str]
) -> None:
    ended = shown.run_example("spark/orders_by_day.py", raw, str(tmp_path), env=spark_settings)

    assert "Traceback" not in ended.stderr and "py4j" not in ended.stderr
    run = shown.run("orders_by_day")
    assert (run["status"], int(run["records_in"]), int(run["records_out"])) == ("SUCCESS", 100, 5)
    assert [told(step) for step in shown.steps("orders_by_day")] == [
        ("clean", "SUCCESS", 100, 72),
        ("sum_by_day", "SUCCESS", 72, 5),
    ]
    ends = {event["step_name"]: event for event in shown.events("orders_by_day") if event["event_type"] == "STEP_END"}
    # Lineage: what one step wrote is what the next one read.
    assert raw in str(ends["clean"]["input_sources"])
    assert f"{tmp_path}/orders" in str(ends["clean"]["output_targets"])
    assert f"{tmp_path}/orders" in str(ends["sum_by_day"]["input_sources"])
    assert "spark_version" in str(shown.start("orders_by_day")["cluster"])


def test_a_job_whose_source_is_missing_fails_with_its_error(
    shown: Shown, tmp_path: Path, spark_settings: Dict[str, str]
) -> None:
    shown.run_example("spark/orders_by_day.py", str(tmp_path / "nothing"), str(tmp_path), expect=1, env=spark_settings)

    run = shown.run("orders_by_day")
    assert (run["status"], run["error_code"], run["error_step"]) == ("FAILED", "S500", "clean")
    assert [(step["step_name"], step["status"]) for step in shown.steps("orders_by_day")] == [("clean", "FAILED")]
