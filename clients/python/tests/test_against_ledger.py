"""Against a ledger that is served; RUNLEDGER_TEST_URL says where. `npm run test:python` serves one."""

from __future__ import annotations

import json
import os
import socket
import threading
import urllib.request
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Dict, List

import pytest
from jobs import run_job
from runledger import Ledger, Watermark
from runledger.default import use_for_a_while
from runledger.watermark import ask, read_watermark

URL = os.environ.get("RUNLEDGER_TEST_URL", "")
pytestmark = pytest.mark.skipif(URL == "", reason="no ledger is served")


def query(sql: str) -> List[Dict[str, Any]]:
    return ask(sql, {"RUNLEDGER_URL": URL})


def runs(names: str) -> List[Dict[str, Any]]:
    return query(f"select * from current_runs where process_name like '{names}' order by process_name, start_time")


def over_http(folder: Path, code: str, **env: str) -> None:
    ended = run_job(folder, code, RUNLEDGER_FILE="", RUNLEDGER_URL=URL, **env)
    assert (ended.code, ended.err) == (0, "")


def test_a_job_is_there_as_soon_as_it_has_ended(tmp_path: Path) -> None:
    code = """
import runledger
with runledger.run("py_orders", environment="test", owner="team-crm", planned_steps=["extract", "load"]) as run:
    with run.step("extract") as step:
        step.source("s3://raw/orders", type="s3", records=1200)
        step.records(in_=1200, out=1198)
    with run.step("load") as step:
        step.target("lake.orders", type="delta", records=1198)
        step.records(out=1198)
        step.quality("no_nulls", True, dataset="orders")
try:
    with runledger.run("py_broken"), runledger.step("load"):
        raise TimeoutError("no answer to bob@example.com")
except TimeoutError:
    pass
"""
    over_http(tmp_path, code)

    (good,) = runs("py_orders")
    assert (good["status"], good["environment"], good["owner"]) == ("SUCCESS", "test", "team-crm")
    assert (int(good["records_in"]), int(good["records_out"])) == (1200, 1198)
    (bad,) = runs("py_broken")
    assert (bad["status"], bad["error_code"]) == ("FAILED", "T101")
    assert "no answer to [email]" in str(bad.values())


def test_every_stand_in_is_understood(tmp_path: Path) -> None:
    ledger = Ledger(url=URL, context=False, environment="test")
    from runledger import compat

    with use_for_a_while(ledger):
        logger = compat.get_logger()
        logger.start_step("py_central", "job", "Job started")
        logger.start_step("py_central", "extract")
        logger.end_step("py_central", "extract", start_time=datetime.now(timezone.utc), records_processed=5)
        logger.end_step("py_central", "job", status="SUCCESS", start_time=datetime.now(timezone.utc))
        event = {"run_id": "e1", "process_name": "py_emitted", "event_type": "RUN_START", "status": "RUNNING"}
        compat.emit_event(None, event)
        event.update(event_type="RUN_END", status="SUCCESS")
        compat.emit_event(None, event)
        compat.log_event("INFO", "py_logged", "read_source", "Started reading from S3")
        compat.log_event("ERROR", "py_logged", "transform", "Null column found", '{"column":"id"}')
        compat.log_to_s3({"run_id": "b1", "process_name": "py_bucket", "event_type": "RUN_END", "status": "SUCCESS"})
        compat.audit_record("py_audit", "run_20251204", datetime.now(), row_count=2)  # noqa: DTZ005
        compat.use_pipeline("py_incremental")
        compat.create_log_entry(None, 1_762_128_000_000, 1_762_214_400_000, "SUCCESS", 1_000, 12.5)
        compat.create_log_entry(None, 1_762_214_400_000, 1_762_300_800_000, "FAILED", 0, 1.5, "no source")
        compat.LogWriter(schema="py_writer").append(
            {"status": "completed", "metrics": {"total_rows_written": 900, "total_duration_secs": 12.5}}
        )
        monitor = compat.DataPipelineMonitor("py_monitored")
        monitor.record_stage_completion("extract", 3)
        monitor.finish_pipeline(success=True)
        tracker = compat.DataLineageTracker("py_lineage")
        tracker.track_transformation([{"name": "py.raw", "row_count": 10}], {"name": "py.silver", "row_count": 9}, "clean")
    ledger.close()

    rejected = query("select * from rejections")
    assert [row for row in rejected if "py_" in str(row)] == []
    told = {(row["process_name"], row["status"]) for row in runs("py_%")}
    assert told >= {
        ("py_central", "SUCCESS"),
        ("py_emitted", "SUCCESS"),
        ("py_bucket", "SUCCESS"),
        ("py_audit", "SUCCESS"),
        ("py_incremental", "SUCCESS"),
        ("py_incremental", "FAILED"),
        ("py_writer", "SUCCESS"),
        ("py_monitored", "SUCCESS"),
        ("py_lineage", "SUCCESS"),
    }
    assert {row["process_name"] for row in query("select process_name from pipeline_logs")} >= {"py_logged"}
    edges = query("select * from lineage_edges")
    assert any("py.raw" in str(edge) and "py.silver" in str(edge) for edge in edges)


def test_how_far_the_data_has_come_is_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from runledger import compat

    code = """
import runledger
from datetime import datetime, timezone
for day in (1, 2):
    end = datetime(2026, 11, day, tzinfo=timezone.utc)
    with runledger.run("py_watermark", environment="test", data_interval_end=end): pass
"""
    over_http(tmp_path, code)
    monkeypatch.setenv("RUNLEDGER_URL", URL)

    reached = read_watermark("py_watermark", "test")
    assert reached.data_until == datetime(2026, 11, 2, tzinfo=timezone.utc)
    assert reached.last_success_run_id is not None
    assert read_watermark("py_watermark", "prod") == Watermark()
    by_hand = {"environment": "prod", "process_name": "py_watermark", "who": "ada", "why": "loaded by hand"}
    body = json.dumps({**by_hand, "data_until": "2026-10-01T00:00:00.000Z"}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{URL}/api/recovery/watermark", data=body, method="POST")).close()
    assert read_watermark("py_watermark", "prod") == Watermark(datetime(2026, 10, 1, tzinfo=timezone.utc))
    compat.use_pipeline("py_watermark")
    assert compat.get_last_run_timestamp(None) == 1_793_577_600_000
    compat.use_pipeline("py_never")
    assert compat.get_last_run_timestamp(None) is None
    compat.use_pipeline("py_watermark")
    assert len(compat.get_pipeline_status(days=7)) == 2
    assert "py_watermark|" in capsys.readouterr().out


def test_boto3_sends_by_the_protocol_of_firehose(tmp_path: Path) -> None:
    pytest.importorskip("boto3")
    code = "import runledger\nwith runledger.run('py_firehose', environment='test'): pass"
    ended = run_job(
        tmp_path,
        code,
        RUNLEDGER_FILE="",
        RUNLEDGER_STREAM="runledger",
        AWS_ENDPOINT_URL_FIREHOSE=URL,
        AWS_ACCESS_KEY_ID="any",
        AWS_SECRET_ACCESS_KEY="any",
        AWS_REGION="us-east-1",
        AWS_DEFAULT_REGION="us-east-1",
    )

    assert (ended.code, ended.err) == (0, "")
    assert [row["status"] for row in runs("py_firehose")] == ["SUCCESS"]


def test_what_could_not_be_sent_is_sent_by_a_command_when_the_ledger_is_back(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = {"RUNLEDGER_FILE": "", "RUNLEDGER_URL": f"http://127.0.0.1:{port}"}
    run_job(tmp_path, "import runledger\nwith runledger.run('py_spooled', environment='test'): pass", **here)
    assert runs("py_spooled") == []
    command = "import runpy, sys\nsys.argv = ['runledger', 'spool', '{}']\nrunpy.run_module('runledger', run_name='__main__')"
    listed = run_job(tmp_path, command.format("list"), **here)
    assert "2 events in 1 files wait" in listed.out

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with urllib.request.urlopen(urllib.request.Request(URL + self.path, data=body), timeout=20) as answer:
                content = answer.read()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None: ...

    door = ThreadingHTTPServer(("127.0.0.1", port), Door)
    thread = threading.Thread(target=door.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        sent = run_job(tmp_path, command.format("send"), **here)
    finally:
        door.shutdown()
        door.server_close()
        thread.join()

    assert (sent.code, "2 events sent" in sent.out) == (0, True), sent
    assert [row["status"] for row in runs("py_spooled")] == ["SUCCESS"]
