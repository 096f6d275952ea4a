from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest
from runledger.settings import settings_of

NOWHERE = {"RUNLEDGER_SPOOL": "off"}


def names(env: Dict[str, str], **options: Any) -> List[str]:
    return [transport.name for transport in settings_of(options, {**NOWHERE, **env}).transports]


def test_events_go_to_the_ledger_of_this_machine_unless_told_otherwise() -> None:
    assert names({}) == ["http://127.0.0.1:4319/events"]


def test_events_go_everywhere_that_the_environment_says() -> None:
    env = {
        "RUNLEDGER_URL": "https://ledger/",
        "RUNLEDGER_STREAM": "prod",
        "RUNLEDGER_FILE": "/tmp/x.ndjson",
        "RUNLEDGER_S3": "s3://logs/events",
        "RUNLEDGER_CONSOLE": "1",
    }
    assert names(env) == [
        "https://ledger/events",
        "firehose:prod",
        "file:/tmp/x.ndjson",
        "s3://logs/events",
        "console",
    ]


def test_an_option_counts_more_than_the_environment() -> None:
    assert names({"RUNLEDGER_URL": "https://ledger"}, stream="prod") == ["firehose:prod"]


def test_it_can_be_turned_off() -> None:
    assert names({"RUNLEDGER_DISABLED": "true"}) == []


def test_defaults_of_runs_come_from_the_environment_too() -> None:
    env = {**NOWHERE, "RUNLEDGER_ENVIRONMENT": "prod", "RUNLEDGER_OWNER": "team-crm"}
    assert settings_of({}, env).defaults.environment == "prod"
    assert settings_of({"owner": "me"}, env).defaults.owner == "me"


def test_the_spool_can_be_moved_and_turned_off(tmp_path: Path) -> None:
    assert settings_of({}, {"RUNLEDGER_SPOOL": str(tmp_path)}).spool == str(tmp_path)
    assert settings_of({}, {"RUNLEDGER_SPOOL": "off"}).spool is None
    assert settings_of({"spool": False}, {"RUNLEDGER_SPOOL": str(tmp_path)}).spool is None
    limits = settings_of({}, {"RUNLEDGER_SPOOL_BYTES": "1000", "RUNLEDGER_SPOOL_HOURS": "2"}).spool_limits
    assert (limits.bytes, limits.age_s) == (1_000, 7_200)
    assert settings_of({}, {"RUNLEDGER_SPOOL_BYTES": "many"}).spool_limits.bytes == 256 * 1024 * 1024


@pytest.mark.parametrize(
    "options",
    [
        {"urll": "http://x"},
        {"url": ""},
        {"transports": 5},
        {"transports": [object()]},
        {"environment": 5},
        {"producer": {"name": "x"}},
        {"tags": []},
        {"on_error": "print"},
        {"heartbeats": 1},
        {"flush_interval_ms": 0},
        {"max_buffer_bytes": True},
        {"spool": 5},
        {"transports": [], "url": "http://x"},
    ],
    ids=str,
)
def test_a_wrong_option_is_an_error_that_names_it(options: Dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="`[a-z_]+`: expected"):
        settings_of(options, NOWHERE)


def test_a_token_is_never_shown() -> None:
    with pytest.raises(TypeError) as raised:
        settings_of({"transports": [], "token": "s3cr3t"}, NOWHERE)
    assert "s3cr3t" not in str(raised.value)
