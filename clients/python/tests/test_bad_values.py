"""Nothing that a job gives can break it."""

from __future__ import annotations

import enum
import pathlib
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Dict, List

import pytest
import runledger
from conftest import Recorded


class Scalar:
    """As numpy's: a value of no dimension that knows its Python value."""

    ndim = 0

    def __init__(self, value: Any) -> None:
        self.value = value

    def item(self) -> Any:
        return self.value


class Unreadable:
    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


class UnreadableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


class NaTType(datetime):
    """As pandas': a datetime that is none."""


class Mode(enum.Enum):
    FULL = "full"


def _params(recorded: Recorded, **params: Any) -> Dict[str, Any]:
    with runledger.run("orders", params=params):
        pass
    return dict(recorded.sent().events[0].get("params", {}))


CYCLE: List[Any] = [1]
CYCLE.append(CYCLE)


@pytest.mark.parametrize(
    "value, text",
    [
        (True, "true"),
        (1.0, "1"),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        (Decimal("1.10"), "1.10"),
        (b"caf\xc3\xa9\xff", "café\ufffd"),
        (Scalar(7), "7"),
        (Scalar(0.5), "0.5"),
        (Mode.FULL, "full"),
        (pathlib.PurePosixPath("/data/x"), "/data/x"),
        (date(2026, 11, 3), "2026-11-03"),
        (datetime(2026, 11, 3, 1, 2, 3, 999_999), "2026-11-03T01:02:03.999"),
        (datetime(2026, 11, 3, tzinfo=timezone(timedelta(hours=-5))), "2026-11-03T05:00:00.000Z"),
        ({"a": (1, {2}), "b": None}, '{"a":[1,[2]],"b":null}'),
        (ValueError("bad"), "ValueError: bad"),
        ("a\ud800b\0", "a\ufffdb\ufffd"),
        (10**30, "1" + "0" * 30),
    ],
    ids=repr,
)
def test_any_value_becomes_text(recorded: Recorded, value: Any, text: str) -> None:
    assert _params(recorded, value=value)["value"] == text


def test_what_has_no_text_is_left_out_with_a_complaint(recorded: Recorded) -> None:
    told = _params(recorded, bad=Unreadable(), good=1, none=None, nat=NaTType(2026, 1, 1))

    assert told == {"good": "1"}
    assert [str(problem) for problem in recorded.problems] == ["no text"]


def test_values_of_numpy_and_pandas_are_told_as_what_they_are(recorded: Recorded) -> None:
    numpy = pytest.importorskip("numpy")
    pandas = pytest.importorskip("pandas")
    moment = "2026-11-03T01:02:03.123"
    frame = pandas.DataFrame({"a": [1, 2]})
    told = _params(
        recorded,
        int64=numpy.int64(7),
        float32=numpy.float32(0.5),
        bool_=numpy.bool_(True),
        nan=numpy.float64("nan"),
        text=numpy.str_("x"),
        array=numpy.array(7),
        many=numpy.array([1, 2]),
        nanoseconds=numpy.datetime64(f"{moment}456789", "ns"),
        day=numpy.datetime64("2026-11-03"),
        nat=numpy.datetime64("NaT"),
        timestamp=pandas.Timestamp(moment),
        zoned=pandas.Timestamp(moment, tz="Europe/Berlin"),
        no_time=pandas.NaT,
        no_value=pandas.NA,
        cell=frame["a"].iloc[1],
        frame=frame,
    )

    assert told == {
        "int64": "7",
        "float32": "0.5",
        "bool_": "true",
        "nan": "NaN",
        "text": "x",
        "array": "7",
        "many": "[1 2]",
        "nanoseconds": moment,
        "day": "2026-11-03T00:00:00.000",
        "timestamp": moment,
        "zoned": "2026-11-03T00:02:03.123Z",
        "cell": "2",
        "frame": str(frame),
    }
    assert recorded.problems == []


def test_counts_metrics_times_and_durations_of_numpy_and_pandas_are_taken(recorded: Recorded) -> None:
    numpy = pytest.importorskip("numpy")
    pandas = pytest.importorskip("pandas")
    with runledger.run(
        "orders",
        sla=numpy.timedelta64(10, "m"),
        scheduled_for=numpy.datetime64("2026-11-03T02:00:00", "ns"),
        heartbeat_interval_ms=pandas.Timedelta(seconds=30),
    ) as run:
        run.count(records_in=numpy.int32(3), records_out=pandas.Series([1, 2]).sum(), data_size_bytes_in=numpy.float64(8))
        run.metric("share", numpy.float32(0.25))
        run.quality("no_nulls", numpy.bool_(False), records_failed=numpy.uint8(1))

    start, quality, end = recorded.sent().events
    assert start["sla"] == {"expected_max_duration_ms": 600_000}
    assert (start["scheduled_for"], start["heartbeat_interval_ms"]) == ("2026-11-03T02:00:00.000", 30_000)
    assert quality["quality"][0] == {"check_name": "no_nulls", "success": False, "records_failed": 1}
    assert (end["records_in"], end["records_out"], end["data_size_bytes_in"]) == (3, 3, 8)
    assert end["metrics"] == {"share": 0.25}
    assert recorded.problems == []


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("sNaN"), Decimal("1e400"), float("inf"), 10**400], ids=repr)
def test_a_metric_that_no_double_holds_is_left_out_with_a_complaint(recorded: Recorded, value: Any) -> None:
    with runledger.run("orders") as run:
        run.metric("share", value)

    assert "metrics" not in recorded.sent().events[-1]
    assert len(recorded.problems) == 1


def test_what_contains_itself_ends_somewhere(recorded: Recorded) -> None:
    deep: List[Any] = []
    for _ in range(100):
        deep = [deep]
    told = _params(recorded, cycle=CYCLE, deep=deep)

    assert told["cycle"] == '[1,"[within itself]"]'
    assert told["deep"].count("[") == 17 and "[nested too deep]" in told["deep"]


def test_what_holds_the_same_over_and_over_takes_no_more_than_a_moment(recorded: Recorded) -> None:
    level: Any = "leaf"
    for _ in range(15):
        level = [level] * 10
    branching: Dict[str, Any] = {}
    branching.update({str(number): branching for number in range(100)}, level=level)

    assert len(_params(recorded, value=branching)["value"]) < 1_000_000


@pytest.mark.parametrize("count", [Scalar(5), 5.0, Decimal(5), True, -1, 1.5, float("nan"), "5", 2**53, None, [5]], ids=repr)
def test_a_count_is_a_count_or_nothing(recorded: Recorded, count: Any) -> None:
    with runledger.run("orders"), runledger.step("load") as step:
        step.records(out=count)

    (end,) = recorded.sent().of_type("STEP_END")
    is_count = count is not True and count in (5, 5.0) or isinstance(count, Scalar)
    assert end.get("records_out") == (5 if is_count else None)
    assert len(recorded.problems) == (0 if is_count or count is None else 1)


def test_a_message_of_ten_megabytes_is_cut(recorded: Recorded) -> None:
    with runledger.run("orders") as run:
        run.checkpoint("x " * 5_000_000)

    (told,) = recorded.sent().of_type("CHECKPOINT")
    assert told["message"].endswith("…[cut]")
    assert len(recorded.transport.lines[1].encode()) < 1_024_000


def test_an_error_without_text_is_told_by_its_name(recorded: Recorded) -> None:
    with pytest.raises(UnreadableError):
        with runledger.run("orders"):
            raise UnreadableError

    (told,) = recorded.sent().of_type("ERROR")
    assert told["error"]["message"] == "[unreadable UnreadableError]"
    assert "raise UnreadableError" in told["error"]["stack_trace"]


def test_an_error_that_takes_no_attribute_does_no_harm(recorded: Recorded) -> None:
    with runledger.run("orders") as run:
        run.error(12)
        run.fail(None)
        run.error(Unreadable())

    assert recorded.sent().in_short()[-1] == "RUN_END FAILED"


def test_no_method_raises_whatever_it_is_given(recorded: Recorded) -> None:
    bad = Unreadable()
    with runledger.run(bad, tags=bad, params=5, cluster="x", environment=bad, sla=bad, planned_steps=bad) as run:
        with run.step(bad, step_index=bad, attempt=bad, map_index=bad) as step:
            for work in (run, step):
                work.count(records_in=bad)
                work.source(bad)
                work.target(None, records="many")
                work.metric(bad, bad)
                work.metrics(bad)  # type: ignore[arg-type]
                work.quality(bad, bad)
                work.heartbeat(bad, metrics=bad)
                work.checkpoint(bad, metrics={"a": bad})
                work.error(bad, error_code=bad)
            step.skip(bad)
        run.skip_step(bad, bad)
        run.add_step(bad, records=bad)
    run.end("NONSENSE", bad)  # type: ignore[arg-type]

    assert recorded.sent().events[0]["process_name"] == "unnamed"
    assert recorded.sent().in_short()[-1] == "RUN_END SUCCESS"


def test_an_on_error_that_raises_does_no_harm() -> None:
    def on_error(error: Exception) -> None:
        raise RuntimeError("of the host")

    ledger = runledger.Ledger(transports=[runledger.RecordingTransport()], on_error=on_error, context=False)
    with ledger.run("orders", sla="soon"):
        pass
    assert ledger.stats().emitted == 2


def test_thousands_of_sources_are_bounded(recorded: Recorded) -> None:
    with runledger.run("orders"), runledger.step("load") as step:
        for number in range(1_500):
            step.source(f"s3://raw/{number}")

    assert len(recorded.sent().of_type("STEP_END")[0]["input_sources"]) == 1_000
