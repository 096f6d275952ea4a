"""A real build of dbt, with DuckDB: its nodes are the steps that the ledger shows."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Dict

from ledger import EXAMPLES, Shown


def test_a_build_of_dbt_is_a_run_whose_steps_are_its_nodes(shown: Shown, tmp_path: Path) -> None:
    project = dbt_project(tmp_path)
    shown.run_example("dbt/run_dbt.py", str(project), env=dbt(tmp_path))

    assert shown.run("dbt_build")["status"] == "SUCCESS"
    steps = {step["step_name"]: step["status"] for step in shown.steps("dbt_build")}
    assert {"seed.shop.raw_orders", "model.shop.orders_by_day", "test.shop.not_null_orders_by_day_day.d75f2a0a8b"} & steps.keys()
    assert set(steps.values()) == {"SUCCESS"}
    assert len(steps) == 4


def test_a_test_of_dbt_that_fails_fails_the_run(shown: Shown, tmp_path: Path) -> None:
    project = dbt_project(tmp_path)
    (project / "seeds" / "raw_orders.csv").write_text("order_id,day,amount\n1,,12.5\n", encoding="utf-8")
    shown.run_example("dbt/run_dbt.py", str(project), expect=None, env=dbt(tmp_path))

    run = shown.run("dbt_build")
    assert run["status"] == "FAILED"
    failed = [step for step in shown.steps("dbt_build") if step["status"] == "FAILED"]
    assert [step["step_name"].split(".")[2] for step in failed] == ["not_null_orders_by_day_day"]


def dbt_project(tmp_path: Path) -> Path:
    """A copy: dbt writes into its project."""
    return Path(shutil.copytree(EXAMPLES / "dbt", tmp_path / "project"))


def dbt(tmp_path: Path) -> Dict[str, str]:
    return {"SHOP_DATABASE": str(tmp_path / "shop.duckdb"), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
