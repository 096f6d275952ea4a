from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Dict, Iterator

import pytest
from ledger import Shown

#: What a machine that runs the tests may have set, and what the examples would find.
_FOUND = ("RUNLEDGER_", "GITHUB_", "AWS_", "DATABRICKS_", "PREFECT", "DAGSTER_", "GIT_", "CI_", "ECS_", "SPARK_")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(_FOUND) and not name.startswith("RUNLEDGER_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("RUNLEDGER_SPOOL", str(tmp_path / "spool"))


@pytest.fixture
def shown(request: pytest.FixtureRequest) -> Iterator[Shown]:
    yield Shown(re.sub(r"\W", "-", request.node.name))


@pytest.fixture(scope="session")
def spark_settings() -> Dict[str, str]:
    """For a session on this machine alone."""
    return {
        "PYSPARK_SUBMIT_ARGS": "--master local[2] --conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false "
        "--conf spark.driver.host=127.0.0.1 --conf spark.sql.shuffle.partitions=2 pyspark-shell",
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
