"""`runledger.spark`, with real Spark."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest
import runledger
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from runledger.pytest_plugin import RecordedEvents
from runledger.spark import spark_counts


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture
def numbers(spark: SparkSession, tmp_path: Path) -> str:
    """1,000 rows in Parquet: `n` from 0, `rest` of n / 7, null in every tenth row."""
    path = str(tmp_path / "numbers")
    rest = F.when(F.col("n") % 10 != 0, F.col("n") % 7)
    spark.range(1000).select(F.col("id").alias("n")).withColumn("rest", rest).write.parquet(path)
    return path


def end_of(events: RecordedEvents, step: str = "step") -> Dict[str, Any]:
    (end,) = [each for each in events().of_type("STEP_END") if each["step_name"] == step]
    return end


def paths(rows: List[Dict[str, Any]]) -> List[str]:
    return [str(row["path"]).replace("file:", "") for row in rows]


def test_counts_what_is_read_and_written(spark: SparkSession, numbers: str, tmp_path: Path, runledger_events: RecordedEvents) -> None:
    out = str(tmp_path / "out")
    with runledger.run("spark") as run, run.step("step") as step, spark_counts(step):
        spark.read.parquet(numbers).where("rest is not null").write.parquet(out)

    end = end_of(runledger_events)
    assert (end["records_in"], end["records_out"]) == (1000, 900)
    (source,), (target,) = end["input_sources"], end["output_targets"]
    assert (source["type"], source["records"], target["type"], target["records"]) == ("parquet", 1000, "parquet", 900)
    assert paths([source, target]) == [numbers, out]
    size = sum(file.stat().st_size for file in Path(out).glob("*.parquet"))
    assert end["data_size_bytes_out"] == target["size_bytes"] == size


def test_a_look_at_the_data_before_it_is_written_is_not_counted(spark: SparkSession, numbers: str, tmp_path: Path, runledger_events: RecordedEvents) -> None:
    with runledger.run("spark") as run, run.step("step") as step, spark_counts(step):
        read = spark.read.parquet(numbers)
        assert read.count() == 1000
        assert not read.isEmpty()
        read.write.parquet(str(tmp_path / "out"))

    assert end_of(runledger_events)["records_in"] == 1000


def test_a_step_that_writes_nothing_has_read_what_it_saw(spark: SparkSession, tmp_path: Path, runledger_events: RecordedEvents) -> None:
    (tmp_path / "orders.csv").write_text("id,amount\n1,2.5\n2,3.5\n", encoding="utf-8")
    with runledger.run("spark") as run, run.step("step") as step, spark_counts(step):
        # Spark reads the header first.
        assert len(spark.read.csv(str(tmp_path), header=True).collect()) == 2

    end = end_of(runledger_events)
    assert (end["records_in"], end.get("records_out"), end["input_sources"][0]["type"]) == (2, None, "csv")


def test_a_cached_table_is_read_once(spark: SparkSession, numbers: str, tmp_path: Path, runledger_events: RecordedEvents) -> None:
    with runledger.run("spark") as run, run.step("step") as step, spark_counts(step):
        read = spark.read.parquet(numbers).cache()
        read.write.parquet(str(tmp_path / "all"))
        read.where("n < 10").write.parquet(str(tmp_path / "few"))
        read.unpersist()

    end = end_of(runledger_events)
    assert (end["records_in"], end["records_out"]) == (1000, 1010)


def test_both_sides_of_a_join_are_sources(spark: SparkSession, numbers: str, tmp_path: Path, runledger_events: RecordedEvents) -> None:
    spark.range(7).withColumnRenamed("id", "rest").write.parquet(str(tmp_path / "rests"))
    with runledger.run("spark") as run, run.step("step") as step, spark_counts(step):
        joined = spark.read.parquet(numbers).join(spark.read.parquet(str(tmp_path / "rests")), "rest")
        joined.groupBy("rest").count().write.partitionBy("rest").parquet(str(tmp_path / "counts"))

    end = end_of(runledger_events)
    assert (end["records_in"], end["records_out"]) == (1007, 7)
    assert sorted(paths(end["input_sources"])) == sorted([numbers, str(tmp_path / "rests")])


def test_what_a_run_writes_and_reads_again_is_neither_in_nor_out(spark: SparkSession, numbers: str, tmp_path: Path, runledger_events: RecordedEvents) -> None:
    with runledger.run("spark") as run, spark_counts(run):
        spark.read.parquet(numbers).where("n % 2 = 0").write.parquet(str(tmp_path / "half"))
        spark.read.parquet(str(tmp_path / "half")).groupBy("rest").count().write.parquet(str(tmp_path / "out"))

    (end,) = runledger_events().of_type("RUN_END")
    assert (end["records_in"], end["records_out"]) == (1000, 8)
    assert paths(end["input_sources"]) == [numbers]
    assert paths(end["output_targets"]) == [str(tmp_path / "half"), str(tmp_path / "out")]


def test_tables_and_statements_of_sql_are_counted(spark: SparkSession, numbers: str, runledger_events: RecordedEvents) -> None:
    with runledger.run("spark") as run, run.step("step") as step, spark_counts(step):
        spark.sql(f"create table evens using parquet as select n from parquet.`{numbers}` where n % 2 = 0")
        spark.sql(f"insert into evens select n + 1 from parquet.`{numbers}` where n % 100 = 0")

    end = end_of(runledger_events)
    assert (end["records_in"], end["records_out"]) == (2000, 510)
    assert [target["records"] for target in end["output_targets"]] == [510]
    spark.sql("drop table evens")


def test_a_database_is_a_source(spark: SparkSession, numbers: str, tmp_path: Path, runledger_events: RecordedEvents) -> None:
    url = "jdbc:derby:memory:shop;create=true"
    driver = {"driver": "org.apache.derby.iapi.jdbc.AutoloadedDriver"}  # of the Derby that Spark 4 brings
    spark.read.parquet(numbers).select("n").where("n < 20").write.jdbc(url, "numbers", properties=driver)
    with runledger.run("spark") as run, run.step("step") as step, spark_counts(step):
        spark.read.jdbc(url, "numbers", properties=driver).write.parquet(str(tmp_path / "out"))

    end = end_of(runledger_events)
    assert (end["records_in"], end["records_out"]) == (20, 20)
    assert [(source["type"], source["path"]) for source in end["input_sources"]] == [("jdbc", "numbers")]


def test_a_query_that_fails_fails_the_step_and_counts_nothing(spark: SparkSession, numbers: str, tmp_path: Path, runledger_events: RecordedEvents) -> None:
    with pytest.raises(Exception, match="is not true"):
        with runledger.run("spark") as run, run.step("step") as step, spark_counts(step):
            spark.read.parquet(numbers).selectExpr("assert_true(n < 0)").write.parquet(str(tmp_path / "out"))

    end = end_of(runledger_events)
    assert (end["status"], end.get("records_in")) == ("FAILED", None)


def test_queries_outside_of_the_block_are_not_counted(spark: SparkSession, numbers: str, tmp_path: Path, runledger_events: RecordedEvents) -> None:
    with runledger.run("spark") as run, run.step("step") as step:
        spark.read.parquet(numbers).write.parquet(str(tmp_path / "before"))
        with spark_counts(step):
            spark.read.parquet(numbers).limit(3).write.parquet(str(tmp_path / "within"))
        spark.read.parquet(numbers).write.parquet(str(tmp_path / "after"))

    assert end_of(runledger_events)["records_out"] == 3


def test_blocks_in_several_threads_at_once_are_not_counted_and_said_so(spark: SparkSession, numbers: str, runledger_events: RecordedEvents, caplog: pytest.LogCaptureFixture) -> None:
    both = threading.Barrier(2)

    def read(run: runledger.Run, name: str) -> None:
        with run.step(name) as step, spark_counts(step):
            both.wait()
            spark.read.parquet(numbers).collect()
            both.wait()

    with runledger.run("spark") as run:
        threads = [threading.Thread(target=read, args=(run, name)) for name in ("one", "two")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert [end_of(runledger_events, name).get("records_in") for name in ("one", "two")] == [None, None]
    assert "in one thread at a time" in caplog.text


def test_without_spark_the_work_goes_on(runledger_events: RecordedEvents, caplog: pytest.LogCaptureFixture) -> None:
    class Connect:
        """A session whose JVM is elsewhere."""

    with runledger.run("spark") as run, run.step("step") as step, spark_counts(step, Connect()):  # type: ignore[arg-type]
        pass

    assert end_of(runledger_events)["status"] == "SUCCESS"
    assert "expected a session of Spark in this process" in caplog.text


def test_a_heartbeat_has_the_memory_of_the_executors(spark: SparkSession, numbers: str, runledger_events: RecordedEvents) -> None:
    transport = runledger.RecordingTransport()
    ledger = runledger.Ledger(transports=[transport], heartbeats=False)
    cached = spark.read.parquet(numbers).cache()
    cached.count()
    with ledger.run("spark") as run:
        run.beat()
    cached.unpersist()
    ledger.close()

    (beat,) = transport.of_type("HEARTBEAT")
    assert beat["metrics"]["executor_memory_used_mb"] > 0
    (start,) = transport.of_type("RUN_START")
    assert start["cluster"]["spark_version"] == spark.version
