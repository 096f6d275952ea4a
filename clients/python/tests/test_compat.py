"""Every stand-in under the usage example of what it stands in for: only the import has changed."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Dict, List

import pytest
import runledger
from conftest import Recorded
from runledger.compat import (
    DataLineageTracker,
    DataPipelineMonitor,
    LogWriter,
    audit_record,
    create_log_entry,
    emit_event,
    get_logger,
    get_pipeline_status,
    log_event,
    log_run,
    log_to_s3,
    use_pipeline,
)

Events = List[Dict[str, Any]]


def test_a_notebook_under_the_central_logger(recorded: Recorded) -> None:
    logger = get_logger(buffer_size=200)

    pipeline = "customer_daily_assemble"
    logger.start_step(pipeline, "job", "Job started")
    job_start = datetime.utcnow()  # noqa: DTZ003

    # Step A
    step_start = datetime.utcnow()  # noqa: DTZ003
    logger.start_step(pipeline, "extract_orders")
    rows = 1200000
    logger.end_step(pipeline, "extract_orders", status="SUCCESS", start_time=step_start, records_processed=rows)

    # Step B
    step_start = datetime.utcnow()  # noqa: DTZ003
    logger.start_step(pipeline, "transform_join")
    try:
        logger.end_step(
            pipeline, "transform_join", status="SUCCESS", start_time=step_start, records_processed=rows
        )
    except Exception as e:
        logger.end_step(pipeline, "transform_join", status="FAILED", message=str(e), start_time=step_start)
        raise

    # Finish
    logger.end_step(pipeline, "job", status="SUCCESS", start_time=job_start)
    logger.flush()

    events = recorded.sent().events
    stages = [(event["stage"], event["status"]) for event in events]
    assert stages == [
        ("job", "STARTED"),
        ("extract_orders", "STARTED"),
        ("extract_orders", "SUCCESS"),
        ("transform_join", "STARTED"),
        ("transform_join", "SUCCESS"),
        ("job", "SUCCESS"),
    ]
    assert {(event["pipeline_name"], event["run_id"]) for event in events} == {(pipeline, logger.context["run_id"])}
    assert events[2]["records_processed"] == rows
    assert events[2]["start_time"].endswith("Z")
    assert 0 <= events[2]["duration_sec"] < 60


def test_a_decorated_function_under_the_central_logger(recorded: Recorded) -> None:
    @log_run("customer_daily_assemble", "transform_join")
    def run_transform(rows: int) -> int:
        if rows < 0:
            raise ValueError("negative")
        return rows

    assert run_transform(3) == 3
    with pytest.raises(ValueError):
        run_transform(-1)

    events = recorded.sent().events
    assert [event["status"] for event in events] == ["STARTED", "SUCCESS", "STARTED", "FAILED"]
    assert events[-1]["message"] == "negative"
    assert len({event["run_id"] for event in events}) == 1


def test_an_event_is_appended_and_completed(recorded: Recorded) -> None:
    spark = object()
    event = {"run_id": "r1", "process_name": "orders", "event_type": "RUN_START", "status": "RUNNING"}
    emit_event(spark, event)
    event.update(event_type="RUN_END", status="SUCCESS")
    emit_event(spark, event)

    start, end = recorded.sent().events
    assert start["event_id"] == end["event_id"] == event["event_id"]
    assert (start["event_type"], end["event_type"]) == ("RUN_START", "RUN_END")
    assert "raw_payload" in event and "raw_payload" not in end


def test_a_log_of_levels(recorded: Recorded) -> None:
    log_event("INFO", "daily_ingestion", "read_source", "Started reading from S3")
    log_event("ERROR", "daily_ingestion", "transform", "Null column found", '{"column":"id"}')

    first, second = recorded.sent().events
    assert first["run_id"] == second["run_id"]
    assert (second["level"], second["job_name"], second["step"]) == ("ERROR", "daily_ingestion", "transform")
    assert second["details"] == '{"column":"id"}'


def test_a_log_within_a_run_belongs_to_it(recorded: Recorded) -> None:
    with runledger.run("daily_ingestion") as run:
        log_event("INFO", "daily_ingestion", "read_source", "Started")

    assert recorded.sent().events[1]["run_id"] == run.run_id


def test_an_event_for_a_bucket(recorded: Recorded) -> None:
    event = {"process_name": "orders", "run_id": "r1", "event_type": "RUN_START"}
    log_to_s3(event, "s3://central-logs/pipeline_events")

    (sent,) = recorded.sent().events
    assert sent["timestamp"] == event["timestamp"]
    assert sent["timestamp"].endswith("Z")


def test_a_row_of_an_audit_table(recorded: Recorded) -> None:
    pipeline_name = "customer_pipeline"
    run_id = "run_20251204"
    start_time = datetime.now()  # noqa: DTZ005
    row_count = 2
    status = "SUCCESS"
    audit_record(pipeline_name, run_id, start_time, datetime.now(), status, row_count, environment="dev")  # noqa: DTZ005

    (sent,) = recorded.sent().events
    assert (sent["pipeline_name"], sent["run_id"], sent["row_count"]) == (pipeline_name, run_id, 2)
    assert sent["start_time"].endswith("Z") and sent["end_time"].endswith("Z")


PIPELINE_NAME = "data_processing_pipeline"
ENVIRONMENT_CONFIGS = {
    "development": {"database_name": "dev_analytics_layer", "pipeline_name": "dev_pipeline"},
    "production": {"database_name": "prod_analytics_layer"},
}


def test_a_log_of_incremental_runs(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runledger.compat.pipeline_log._pipeline_name", None)
    spark, last_run_ts, current_run_ts, processing_time = None, 1_762_128_000_000, 1_762_214_400_000, 12.5

    def run_pipeline(fails: bool) -> int:
        if fails:
            raise RuntimeError("no source")
        return 1_000

    for fails in (False, True):
        try:
            records = run_pipeline(fails)
            create_log_entry(spark, last_run_ts, current_run_ts, "SUCCESS", records, processing_time)
        except Exception as e:
            create_log_entry(spark, last_run_ts, current_run_ts, "FAILED", 0, processing_time, str(e))

    good, bad = recorded.sent().events
    assert (good["pipeline_name"], good["current_run_timestamp"]) == (PIPELINE_NAME, current_run_ts)
    assert (good["records_processed"], good["processing_time_seconds"]) == (1_000, 12.5)
    assert (bad["status"], bad["error_message"]) == ("FAILED", "no source")


def test_profiles_by_environment(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runledger.compat.pipeline_log._pipeline_name", None)
    monkeypatch.setenv("ENVIRONMENT", "development")
    assert use_pipeline(PIPELINE_NAME, ENVIRONMENT_CONFIGS)["database_name"] == "dev_analytics_layer"
    create_log_entry(None, None, 1_762_214_400_000, "SUCCESS", 1, 1)

    (sent,) = recorded.sent().events
    assert (sent["pipeline_name"], sent["environment"]) == ("dev_pipeline", "development")


def test_a_status_that_cannot_be_asked_for_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNLEDGER_URL", "http://127.0.0.1:9")

    assert get_pipeline_status(days=14) == []
    assert "There is no status" in capsys.readouterr().out


@dataclass
class Metrics:
    total_rows_written: int = 900
    total_duration_secs: float = 12.5


@dataclass
class Result:
    status: str = "completed"
    errors: List[str] = field(default_factory=list)
    metrics: Metrics = field(default_factory=Metrics)
    run_mode: str = "incremental"
    silver_results: Dict[str, Any] = field(
        default_factory=lambda: {"enriched_events": {"rows_written": 900, "duration": 3.5}}
    )


def test_a_writer_of_results(recorded: Recorded) -> None:
    writer = LogWriter(spark=None, schema="monitoring", table_name="pipeline_execution")
    writer.create_table(Result())
    writer.append(Result(status="failed", errors=["below threshold"]))

    start, step, end, *second = recorded.sent().events
    assert (start["event_type"], start["pipeline_name"]) == ("RUN_START", "monitoring")
    assert (step["step_name"], step["records_out"]) == ("silver/enriched_events", 900)
    assert (end["status"], end["records_out"], end["duration_sec"]) == ("SUCCESS", 900, 12.5)
    took = datetime.fromisoformat(end["end_time"][:-1]) - datetime.fromisoformat(end["start_time"][:-1])
    assert took == timedelta(seconds=12.5)
    assert (second[-1]["status"], second[-1]["error_message"]) == ("FAILED", "below threshold")


def test_a_monitored_pipeline(recorded: Recorded) -> None:
    def monitored_pipeline(load_to_warehouse: Any) -> DataPipelineMonitor:
        monitor = DataPipelineMonitor("daily-sales-etl")

        try:
            # Extract stage
            raw_data = [1, 2, 3]
            monitor.record_stage_completion("extract", len(raw_data))

            # Quality check
            monitor.record_data_quality_score("sales", 0.98)

            # Load stage
            load_to_warehouse(raw_data)
            monitor.record_stage_completion("load", len(raw_data))

            monitor.finish_pipeline(success=True)

        except Exception as e:
            monitor.record_error(e, "pipeline")
            monitor.finish_pipeline(success=False)
            raise
        return monitor

    monitor = monitored_pipeline(len)
    assert monitor.metrics.records_processed == 6
    with pytest.raises(TypeError):
        monitored_pipeline(lambda: None)

    sent = recorded.sent()
    assert sent.in_short()[:4] == [
        "RUN_START RUNNING",
        "STEP_END extract SUCCESS",
        "STEP_END load SUCCESS",
        "RUN_END SUCCESS",
    ]
    assert sent.events[3]["metrics"] == {"data_quality_score.sales": 0.98}
    assert sent.in_short()[-1] == "RUN_END FAILED"
    logging.getLogger().handlers = [one for one in logging.getLogger().handlers if "pytest" in type(one).__module__]


def test_lineage_is_kept_and_told(recorded: Recorded) -> None:
    tracker = DataLineageTracker()
    with runledger.run("orders"):
        tracker.track_transformation(
            [{"name": "raw.orders", "row_count": 10}, {"name": "raw.customers", "row_count": 5}],
            {"name": "silver.orders", "row_count": 9},
            "join",
        )
    tracker.track_transformation([{"name": "silver.orders", "row_count": 9}], {"name": "gold.daily", "row_count": 1}, "sum")

    assert tracker.get_upstream_dependencies("gold.daily") == ["silver.orders", "raw.orders", "raw.customers"]
    assert tracker.get_downstream_impact("silver.orders") == ["gold.daily"]
    assert tracker.lineage_graph["silver.orders"]["metadata"]["row_count_input"] == 15
    _, step, _, alone = recorded.sent().events
    assert step["step_name"] == "silver.orders"
    assert [source["path"] for source in step["input_sources"]] == ["raw.orders", "raw.customers"]
    assert (alone["process_name"], alone["output_targets"][0]["path"]) == ("lineage", "gold.daily")
