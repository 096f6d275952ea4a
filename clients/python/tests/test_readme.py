"""What the README of the client says is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Set

import runledger
from runledger.describe_run import RUN_OPTIONS

CLIENT = Path(__file__).resolve().parents[1]
README = (CLIENT / "README.md").read_text(encoding="utf-8")


def variables_in_the_code() -> Set[str]:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (CLIENT / "src").rglob("*.py"))
    # Those of the places that events go to are made from the names of options.
    places = {f"RUNLEDGER_{name}" for name in ("URL", "STREAM", "FILE", "S3", "ENVIRONMENT", "OWNER")}
    return places | set(re.findall(r"RUNLEDGER_[A-Z_0-9]+[A-Z0-9]", source))


def test_every_variable_is_listed_and_no_other() -> None:
    assert set(re.findall(r"^\|? ?.*?(RUNLEDGER_[A-Z_0-9]+)", README, re.MULTILINE)) <= variables_in_the_code()
    listed = set(re.findall(r"`(RUNLEDGER_[A-Z_0-9]+)`", README))
    assert listed == variables_in_the_code()


def test_every_option_of_a_run_is_listed() -> None:
    assert [name for name in RUN_OPTIONS if f"`{name}`" not in README] == []


def test_every_option_of_a_ledger_is_listed() -> None:
    from runledger.settings import _CHECKS

    signature = max(re.findall(r"`runledger\.configure\((.*?)\)`", README), key=len)
    assert set(re.findall(r"(\w+)=", signature)) == set(_CHECKS)


def test_what_is_published_is_named_in_one_place() -> None:
    assert sorted(runledger.__all__) == runledger.__all__
    assert all(hasattr(runledger, name) for name in runledger.__all__)


def test_versions_agree() -> None:
    project = (CLIENT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{runledger.__version__}"' in project
