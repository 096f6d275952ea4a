"""Crontabs as cron runs them: each line by `/bin/sh`, in the environment that cron gives."""

from __future__ import annotations

import csv
import os
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Dict, List, NamedTuple

import pytest
from croniter import croniter
from ledger import EXAMPLES, ROOT, Shown, told

CRONTABS = sorted(EXAMPLES.glob("*/crontab"))


class Line(NamedTuple):
    schedule: str
    command: str


def parsed(crontab: Path) -> "tuple[Dict[str, str], List[Line]]":
    """Settings, then lines of five fields and a command, as crontab(5) has it."""
    env: Dict[str, str] = {}
    lines: List[Line] = []
    for text in crontab.read_text(encoding="utf-8").splitlines():
        if not text.strip() or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if equals and name.strip().isidentifier():
            env[name.strip()] = value.strip()
            continue
        fields = text.split(maxsplit=5)
        # A percent sign is a line feed to cron.
        assert "%" not in fields[5], f"{crontab}: escape the % of {fields[5]}"
        lines.append(Line(" ".join(fields[:5]), fields[5]))
    return env, lines


def as_cron_runs(crontab: Path, places: Dict[str, str], shown: Shown, tmp_path: Path) -> None:
    """All lines, with what they name put in this machine's places."""
    settings, lines = parsed(crontab)
    here = {name: placed(value, places) for name, value in settings.items()}
    env = {"PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "HOME": str(tmp_path), "LOGNAME": "jobs", **here}
    env.update(shown.env(), RUNLEDGER_SPOOL=str(tmp_path / "spool"), PYTHONPATH=os.environ.get("PYTHONPATH", ""))
    for line in lines:
        ended = subprocess.run(
            ["/bin/sh", "-c", placed(line.command, {**places, "python3": sys.executable})],
            env={**env, "PYTHON": sys.executable}, cwd=tmp_path, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        # Cron sends a mail of whatever a job writes.
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", ""), ended


def placed(text: str, places: Dict[str, str]) -> str:
    for name, place in places.items():
        text = text.replace(name, place)
    return text


@pytest.mark.parametrize("crontab", CRONTABS, ids=lambda path: path.parent.name)
def test_the_lines_of_a_crontab_are_due_when_they_say(crontab: Path) -> None:
    _, lines = parsed(crontab)
    midnight = datetime(2026, 11, 3, tzinfo=timezone.utc)
    for line in lines:
        assert croniter.is_valid(line.schedule)
        assert croniter(line.schedule, midnight).get_next(datetime) - midnight < timedelta(days=1)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as database:
        database.execute("create table orders (id integer, customer text, amount real, placed_at text)")
        database.execute("create table loaded (id integer, amount real)")
        rows = [(1, "a", 12.5, "2026-11-03T10:00:00"), (2, "b", None, "2026-11-03T11:00:00")]
        database.executemany("insert into orders values (?, ?, ?, ?)", rows)
    database.close()
    return path


def test_a_python_script_from_cron_is_a_run(shown: Shown, shop: Path, tmp_path: Path) -> None:
    places = {
        "/opt/venv/bin/python": sys.executable,
        "/opt/jobs": str(EXAMPLES / "python-script"),
        "/var/lib/shop.db": str(shop),
        "/srv/exports": str(tmp_path),
    }
    as_cron_runs(EXAMPLES / "python-script" / "crontab", places, shown, tmp_path)

    run = shown.run("nightly_orders")
    assert (run["status"], run["owner"], int(run["records_in"]), int(run["records_out"])) == ("SUCCESS", "team-shop", 2, 2)
    assert [told(step)[:2] for step in shown.steps("nightly_orders")] == [
        ("read", "SUCCESS"), ("check", "SUCCESS"), ("write", "SUCCESS"),
    ]  # fmt: skip
    (quality,) = [event["quality"] for event in shown.events("nightly_orders") if event["event_type"] == "QUALITY"]
    assert "amount_present" in str(quality)
    (exported,) = tmp_path.glob("orders-*.csv")
    assert len(list(csv.reader(exported.open(encoding="utf-8")))) == 3


def test_a_script_goes_on_where_the_last_success_ended(shown: Shown, shop: Path) -> None:
    script = "python-script/incremental_orders.py"
    shown.run_example(script, str(shop))
    with sqlite3.connect(shop) as database:
        database.execute("delete from orders")
        database.executemany("insert into orders values (?, ?, ?, ?)", [(3, "c", 1.0, "2026-11-04T10:00:00+00:00")])
    database.close()
    shown.run_example(script, str(shop))

    first, second = shown.runs("incremental_orders")
    assert (int(first["records_out"]), int(second["records_out"])) == (2, 0)
    assert second["data_interval_start"] == first["data_interval_end"]


def test_a_script_does_not_start_from_the_beginning_because_the_ledger_is_away(shown: Shown, shop: Path) -> None:
    ended = shown.run_example("python-script/incremental_orders.py", str(shop), expect=1, env={"RUNLEDGER_URL": "http://127.0.0.1:9"})

    assert "LedgerUnavailable" in ended.stderr


def shell_places(tmp_path: Path) -> Dict[str, str]:
    (tmp_path / "exports").mkdir()
    (tmp_path / "backups").mkdir()
    (tmp_path / "exports" / "orders.csv").write_text("id\n1\n", encoding="utf-8")
    (tmp_path / "exports" / "customers.csv").write_text("id\n", encoding="utf-8")
    return {
        "/opt/runledger": str(ROOT / "clients" / "sh"),
        "/opt/jobs": str(EXAMPLES / "shell"),
        "/srv/": f"{tmp_path}/",
    }


def test_a_shell_script_from_cron_is_a_run_and_its_python_a_step_of_it(shown: Shown, tmp_path: Path) -> None:
    as_cron_runs(EXAMPLES / "shell" / "crontab", shell_places(tmp_path), shown, tmp_path)

    backup = shown.run("nightly_backup")
    assert (backup["status"], int(backup["records_out"])) == ("SUCCESS", 2)
    assert [told(step) for step in shown.steps("nightly_backup")] == [("check", "SUCCESS", 2, 2)]
    assert shown.run("disk_space")["status"] == "SUCCESS"


def test_a_shell_script_that_fails_is_a_failed_run_with_what_it_wrote(shown: Shown, tmp_path: Path) -> None:
    exec_ = str(ROOT / "clients" / "sh" / "runledger-exec")
    script = str(EXAMPLES / "shell" / "nightly_backup.sh")
    ended = shown.run_example(
        exec_, "--pipeline", "nightly_backup", "--", script, str(tmp_path / "nothing"), str(tmp_path), expect=None
    )

    run = shown.run("nightly_backup")
    assert (ended.returncode != 0, run["status"]) == (True, "FAILED")
    assert "nothing" in ended.stderr
    (end,) = [event for event in shown.events("nightly_backup") if event["event_type"] == "RUN_END"]
    assert "nothing" in str(end["error"])
