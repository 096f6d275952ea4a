"""The inventory in TypeScript and the one in Python: the ledger shows the same of both."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, List

import pytest
from ledger import ROOT, Shown

NAME = "dependency-inventory"
#: What may differ between two runs of one pipeline: who and when, and how long it took.
TOTALS = ("status", "records_in", "records_out", "data_size_bytes_in", "data_size_bytes_out", "error_code", "error_message")
#: The bytes of Parquet differ by the names of the programs that wrote it.
STEP = ("step_name", "step_index", "map_index", "attempt", *TOTALS)


def install(root: Path, path: str, manifest: Dict[str, Any]) -> None:
    folder = root / path
    (folder / "lib").mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "lib" / "index.js").write_text("x" * (100 + len(path)), encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    install(tmp_path, "node_modules/a", {"name": "a", "version": "1.0.0", "license": "MIT", "dependencies": {"c": "1", "d": "2"}})
    install(tmp_path, "node_modules/a/node_modules/c", {"name": "c", "version": "1.0.0", "licenses": [{"type": "ISC"}]})
    install(tmp_path, "node_modules/@s/b", {"name": "@s/b", "version": "2.0.0"})
    install(tmp_path, "node_modules/c", {"name": "c", "version": "2.0.0", "license": {"type": "ISC"}})
    install(tmp_path, "node_modules/.pnpm/e@1/node_modules/e", {"version": "", "license": " "})
    install(tmp_path, "node_modules/.bin", {})
    install(tmp_path, "elsewhere", {"name": "linked", "version": "1.0.0"})
    (tmp_path / "node_modules" / "linked").symlink_to(tmp_path / "elsewhere")
    return tmp_path


def both(shown: Shown, root: Path, *options: str, expect: int = 0) -> List[Shown]:
    """What is shown of the one, then of the other."""
    typescript, python = Shown(f"{shown.environment}-ts"), Shown(f"{shown.environment}-py")
    main = str(ROOT / "examples" / NAME / "main.ts")
    node = [os.environ["RUNLEDGER_TEST_NODE"], "--conditions=runledger-source", main]
    for one, program in ((typescript, node), (python, [f"{NAME}-python/inventory.py"])):
        out = str(root / "out")
        one.run_example(*program, "--root", str(root), "--out", out, "--environment", one.environment, *options, expect=expect)
    return [typescript, python]


def facts(rows: List[Dict[str, Any]], names: Any) -> List[Dict[str, Any]]:
    return [{name: row[name] for name in names} for row in rows]


def checks(shown: Shown) -> List[str]:
    return sorted(str(event["quality"]) for event in shown.events(NAME) if event["event_type"] == "QUALITY")


def lineage(shown: Shown, event_type: str) -> List[str]:
    ends = [event for event in shown.events(NAME) if event["event_type"] == event_type]
    return sorted(f"{end['step_name']} {end['input_sources']} {end['output_targets']}" for end in ends)


def test_both_show_the_same_run(shown: Shown, root: Path) -> None:
    typescript, python = both(shown, root)

    (expected,), (actual,) = facts(typescript.runs(NAME), TOTALS), facts(python.runs(NAME), TOTALS)
    assert actual == expected
    # Four packages in the open and one in pnpm's store, of two files each.
    assert (actual["status"], int(actual["records_in"]), int(actual["records_out"])) == ("SUCCESS", 10, 5)
    steps = facts(python.steps(NAME), STEP)
    assert steps == facts(typescript.steps(NAME), STEP)
    assert [step["step_name"] for step in steps] == [
        "read-manifests", "measure-files", "validate", "join", "aggregate", "write-parquet",
    ]  # fmt: skip
    assert checks(python) == checks(typescript)
    assert len(checks(python)) == 3
    for event_type in ("STEP_END", "RUN_END"):
        assert lineage(python, event_type) == lineage(typescript, event_type)


def test_both_show_the_same_failure(shown: Shown, root: Path) -> None:
    typescript, python = both(shown, root, "--break", expect=1)

    (expected,), (actual,) = facts(typescript.runs(NAME), TOTALS), facts(python.runs(NAME), TOTALS)
    assert actual == expected
    assert (actual["status"], actual["error_code"]) == ("FAILED", "D201")
    steps = facts(python.steps(NAME), STEP)
    assert steps == facts(typescript.steps(NAME), STEP)
    assert [step["status"] for step in steps] == ["FAILED", "SUCCESS", *["SKIPPED"] * 4]
    assert (steps[0]["attempt"], steps[0]["error_code"]) == (2, "D201")


def test_both_say_what_is_missing(shown: Shown, tmp_path: Path) -> None:
    typescript, python = both(shown, tmp_path, expect=1)

    (expected,), (actual,) = facts(typescript.runs(NAME), TOTALS), facts(python.runs(NAME), TOTALS)
    assert actual == expected
    assert "to have a folder node_modules" in actual["error_message"]
