"""The contract of all clients."""

from __future__ import annotations

import hashlib
from typing import Any, Dict

import pytest
from runledger import Ledger, RecordingTransport
from runledger.buffer import Line
from runledger.error_info import error_info_of
from runledger.event import RunIdentity
from runledger.line import line_of
from runledger.mask import mask
from runledger.pack import pack_call
from runledger.wire_json import to_json

from vectors import FakeRuntime, error_of, play, run_vectors, vectors


@pytest.mark.parametrize("case", run_vectors(), ids=lambda case: case["name"])
def test_what_a_pipeline_sends_is_what_every_client_sends(case: Dict[str, Any]) -> None:
    runtime, transport = FakeRuntime(), RecordingTransport()
    options = {"on_error": lambda error: None, "heartbeats": False, "context": False, "flush_interval_ms": 1}
    ledger = Ledger(runtime=runtime, env=case.get("env", {}), transports=[transport], **options, **case["ledger"])
    described = dict(case["run"])
    run = ledger.start_run(described.pop("process_name"), **described)
    play(case["calls"], run, run, runtime)
    ledger.flush()

    sent = b"".join(record for call in transport.calls for record in call)
    assert sent.decode().splitlines() == case["lines"].decode().splitlines()
    assert sent == case["lines"]


@pytest.mark.parametrize("case", vectors("lines.json"), ids=lambda case: case["name"])
def test_the_line_of_an_event_is_what_every_client_writes(case: Dict[str, Any]) -> None:
    line = line_of(case["event"])

    if "line" in case:
        assert line.decode() == case["line"] + "\n"
    else:
        assert (len(line), hashlib.sha256(line).hexdigest()) == (case["bytes"], case["sha256"])


@pytest.mark.parametrize("case", vectors("mask.json"), ids=lambda case: case["masked"][:40])
def test_a_text_is_masked_as_in_every_client(case: Dict[str, Any]) -> None:
    assert mask("".join(case["text"])) == case["masked"]


@pytest.mark.parametrize("case", vectors("errors.json"), ids=lambda case: str(case["error"])[:60])
def test_an_error_is_classed_as_in_every_client(case: Dict[str, Any]) -> None:
    info = error_info_of(error_of(case["error"]), case.get("details", {}))

    assert {name: value for name, value in info.items() if value is not None} == case["info"]


@pytest.mark.parametrize("case", vectors("packing.json"), ids=lambda case: case["name"])
def test_lines_are_packed_as_in_every_client(case: Dict[str, Any]) -> None:
    nobody = RunIdentity("r", "p", 1)
    lines = [Line(b"x" * size, nobody) for size, count in case["sizes"] for _ in range(count)]

    assert [len(record.lines) for record in pack_call(lines)] == case["records"]


@pytest.mark.parametrize("number, text", vectors("numbers.json"))
def test_a_number_is_written_as_in_every_client(number: float, text: str) -> None:
    assert to_json(number) == text
    assert to_json(float(number)) == text
