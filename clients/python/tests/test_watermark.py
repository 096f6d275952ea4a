"""Where a watermark is read from. Against a served ledger: `test_against_ledger.py`; from the table that the ledger itself
writes, with boto3: `test/aws/watermark.test.ts` of the project."""

from __future__ import annotations

import base64
import hashlib
import sys
from datetime import datetime, timezone
from typing import Any, Dict, List

import pytest
from runledger import LedgerUnavailable, Watermark
from runledger.live_table import live_item
from runledger.watermark import read_watermark

boto3 = pytest.importorskip("boto3")
from botocore.stub import Stubber  # noqa: E402


class Table:
    """A client of boto3 that holds every request against DynamoDB's own description, and answers as told."""

    def __init__(self) -> None:
        keys = {"aws_access_key_id": "any", "aws_secret_access_key": "any"}
        self.client = boto3.client("dynamodb", region_name="eu-north-1", **keys)
        self.stub = Stubber(self.client)
        self.stub.activate()

    def has(self, pk: str, sk: str, item: Dict[str, Any]) -> None:
        wanted = {"TableName": "live", "ConsistentRead": True, "Key": {"pk": {"S": pk}, "sk": {"S": sk}}}
        self.stub.add_response("get_item", {"Item": item} if item else {}, wanted)

    def lists(self, items: List[Dict[str, Any]], **more: Any) -> None:
        self.stub.add_response("query", {"Items": items, **more})

    def ask(self, name: str, environment: Any = "prod") -> Dict[str, Any]:
        return live_item("live", name, environment, self.client)


def an_item(environment: str, last: str, **more: str) -> Dict[str, Any]:
    told = {"environment": environment, "last_success_at": last, "last_success_run_id": f"of-{environment}", **more}
    return {**{name: {"S": value} for name, value in told.items()}, "version": {"N": "3"}}


def test_the_item_of_a_pipeline_and_environment_is_read() -> None:
    table = Table()
    table.has("watermark#orders", "prod", an_item("prod", "2026-11-02T01:00:00.000Z", data_until="2026-11-02T00:00:00.000Z"))

    item = table.ask("orders")
    assert (item["data_until"], item["last_success_run_id"]) == ("2026-11-02T00:00:00.000Z", "of-prod")


def test_no_item_and_one_whose_successes_were_withdrawn_are_none() -> None:
    table = Table()
    table.has("watermark#orders", "prod", {})
    table.has("watermark#orders", "prod", {"environment": {"S": "prod"}, "version": {"N": "7"}})

    assert (table.ask("orders"), table.ask("orders")) == ({}, {})


def test_without_an_environment_it_is_the_one_that_succeeded_last() -> None:
    table = Table()
    withdrawn = {"environment": {"S": "old"}, "version": {"N": "2"}}
    key = {"pk": {"S": "watermark#orders"}, "sk": {"S": "dev"}}
    table.lists([an_item("dev", "2026-11-02T01:00:00.000Z"), withdrawn], LastEvaluatedKey=key)
    table.lists([an_item("prod", "2026-11-03T01:00:00.000Z")])

    assert table.ask("orders", None)["environment"] == "prod"


def test_one_that_was_set_by_hand_and_never_succeeded_is_read_too() -> None:
    table = Table()
    by_hand = {"environment": {"S": "prod"}, "set_at": {"S": "2026-11-04T01:00:00.000Z"}, "data_until": {"S": "2026-11-01T00:00:00.000Z"}}
    table.lists([by_hand])

    assert table.ask("orders", None)["data_until"] == "2026-11-01T00:00:00.000Z"


def test_where_runs_succeed_goes_before_where_one_was_set_by_hand() -> None:
    table = Table()
    by_hand = {"environment": {"S": "prod"}, "set_at": {"S": "2026-11-04T01:00:00.000Z"}}
    table.lists([by_hand, an_item("dev", "2026-11-02T01:00:00.000Z")])

    assert table.ask("orders", None)["environment"] == "dev"


def test_names_longer_than_a_key_are_looked_for_by_their_hash() -> None:
    table = Table()
    name = "ö" * 1_500
    digest = base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()).decode().rstrip("=")
    table.has(f"watermark#{digest}", "prod", {})

    assert table.ask(name) == {}


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "AccessDeniedException", "ThrottlingException"])
def test_a_table_that_cannot_be_asked_is_not_taken_for_never_ran(code: str) -> None:
    table = Table()
    table.stub.add_client_error("get_item", code)

    with pytest.raises(LedgerUnavailable, match=f"Expected the table live .* got .*{code}.*Check RUNLEDGER_LIVE_TABLE"):
        table.ask("orders")


def test_credentials_that_are_missing_are_not_taken_for_never_ran(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")

    with pytest.raises(LedgerUnavailable, match="NoCredentialsError"):
        read_watermark("orders", "prod", {"RUNLEDGER_LIVE_TABLE": "live"})


def test_the_table_is_asked_where_no_ledger_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: List[Any] = []

    def found(table: str, name: str, environment: Any) -> Dict[str, Any]:
        asked.append((table, name, environment))
        return {"data_until": "2026-11-02T00:00:00.000Z", "last_success_at": "2026-11-02T01:00:00.000Z", "last_success_run_id": "r"}

    monkeypatch.setattr(sys.modules["runledger.watermark"], "live_item", found)
    reached = read_watermark("orders", None, {"RUNLEDGER_LIVE_TABLE": "live", "RUNLEDGER_ENVIRONMENT": "prod"})
    moments = [datetime(2026, 11, 2, hour, tzinfo=timezone.utc) for hour in (0, 1)]
    assert reached == Watermark(*moments, "r")
    assert asked == [("live", "orders", "prod")]

    with pytest.raises(LedgerUnavailable, match="POST http://127.0.0.1:9/query"):
        read_watermark("orders", None, {"RUNLEDGER_LIVE_TABLE": "live", "RUNLEDGER_URL": "http://127.0.0.1:9"})
