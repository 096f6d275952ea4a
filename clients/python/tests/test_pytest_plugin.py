from __future__ import annotations

import runledger

from runledger.pytest_plugin import RecordedEvents, runledger_events  # noqa: F401


def test_a_pipeline_is_tested_without_a_ledger(runledger_events: RecordedEvents) -> None:  # noqa: F811
    with runledger.run("orders"), runledger.step("load") as step:
        step.records(out=3)

    sent = runledger_events()
    assert sent.in_short()[-1] == "RUN_END SUCCESS"
    assert sent.of_type("STEP_END")[0]["records_out"] == 3
