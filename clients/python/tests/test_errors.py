"""Errors as the libraries of pipelines raise them."""

from __future__ import annotations

import json
import socket
import types
import urllib.error
from typing import Any, Callable, Optional

import pytest
from runledger.error_info import error_info_of


def raised(act: Callable[[], Any]) -> BaseException:
    try:
        act()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def code_of(error: Any) -> tuple[str, Optional[bool]]:
    info = error_info_of(error, {})
    return info["error_code"], info["retryable"]


def named(name: str, message: str = "", module: str = "lib", **attributes: Any) -> Exception:
    kind = type(name, (Exception,), {"__module__": module, **attributes})
    error = kind(message)
    assert isinstance(error, Exception)
    return error


@pytest.mark.parametrize(
    "error, code, retryable",
    [
        (TimeoutError("t"), "T101", True),
        (socket.gaierror(-2, "Name or service not known"), "T101", True),
        (ConnectionRefusedError(111, "refused"), "T101", True),
        (urllib.error.URLError("refused"), "T101", True),
        (urllib.error.HTTPError("http://x", 503, "busy", None, None), "T102", True),  # type: ignore[arg-type]
        (urllib.error.HTTPError("http://x", 403, "no", None, None), "S500", False),  # type: ignore[arg-type]
        (raised(lambda: json.loads("{")), "D201", False),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), "D201", False),
        (MemoryError(), "R401", True),
        (OSError(28, "No space left on device"), "R400", True),
        (OSError(24, "Too many open files"), "R400", True),
        (FileNotFoundError(2, "no such file"), "S500", True),
        (PermissionError(13, "denied"), "S500", False),
        (ModuleNotFoundError("No module named 'x'"), "C301", False),
        (ValueError("x"), "U900", None),
        (KeyError("x"), "U900", None),
        (raised(lambda: 1 / 0), "U900", None),
        # psycopg: by type, and by the state of SQL where the type is a general one.
        (named("UndefinedColumn", module="psycopg.errors", sqlstate="42703"), "D202", False),
        (named("InsufficientPrivilege", sqlstate="42501"), "S500", False),
        (named("DatabaseError", sqlstate="40001"), "T102", True),
        (named("DatabaseError", pgcode="08006"), "T101", True),
        (named("DatabaseError", pgcode="22P02"), "D201", False),
        (named("OperationalError", "server closed the connection", module="psycopg2"), "T101", True),
        (named("OperationalError", "no such table: x", module="sqlite3"), "U900", None),
        # pyspark: by condition, by message, by the exception of Java.
        (named("AnalysisException", "[UNRESOLVED_COLUMN.WITH_SUGGESTION] x"), "D202", False),
        (named("AnalysisException", "x", getErrorClass=lambda self: "TABLE_OR_VIEW_NOT_FOUND"), "C301", False),
        (named("AnalysisException", "incompatible"), "D201", False),
        (named("Py4JJavaError", "java.lang.OutOfMemoryError: Java heap space"), "R401", True),
        (
            named(
                "Py4JJavaError",
                java_exception=types.SimpleNamespace(
                    getClass=lambda: types.SimpleNamespace(getName=lambda: "java.net.SocketTimeoutException")
                ),
            ),
            "T101",
            True,
        ),
        (named("ConcurrentAppendException", module="delta.exceptions"), "T102", True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_an_error_is_classed(error: BaseException, code: str, retryable: Optional[bool]) -> None:
    assert code_of(error) == (code, retryable)


@pytest.mark.parametrize(
    "code, wanted",
    [
        ("ThrottlingException", ("T102", True)),
        ("SlowDown", ("T102", True)),
        ("AccessDenied", ("S500", False)),
        ("NoSuchBucket", ("C301", False)),
        ("NoSuchKey", ("S500", True)),
        ("ExpiredToken", ("S500", False)),
        ("SomethingNew", ("U900", None)),
    ],
)
def test_errors_of_boto3_are_classed_by_their_code(code: str, wanted: Any) -> None:
    exceptions = pytest.importorskip("botocore.exceptions")
    assert code_of(exceptions.ClientError({"Error": {"Code": code, "Message": "x"}}, "GetObject")) == wanted


def test_errors_of_boto3_without_an_answer_are_classed() -> None:
    exceptions = pytest.importorskip("botocore.exceptions")
    assert code_of(exceptions.EndpointConnectionError(endpoint_url="http://x")) == ("T101", True)
    assert code_of(exceptions.ReadTimeoutError(endpoint_url="http://x")) == ("T101", True)
    assert code_of(exceptions.NoCredentialsError()) == ("C301", False)


@pytest.mark.parametrize("status, wanted", [(503, ("T102", True)), (429, ("T102", True)), (401, ("S500", False))])
def test_errors_of_requests_are_classed_by_their_answer(status: int, wanted: Any) -> None:
    requests = pytest.importorskip("requests")
    answer = requests.Response()
    answer.status_code = status
    assert code_of(raised(answer.raise_for_status)) == wanted


def test_errors_of_requests_without_an_answer_are_classed() -> None:
    requests = pytest.importorskip("requests")
    error = raised(lambda: requests.get("http://127.0.0.1:9", timeout=5))

    assert code_of(error) == ("T101", True)
    assert "Connection refused" in str(error_info_of(error, {})["root_cause"])
    assert code_of(raised(lambda: requests.get("no address"))) == ("C301", False)


def test_a_column_that_pandas_does_not_find_is_one() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1]})

    assert code_of(raised(lambda: frame["b"])) == ("D202", False)
    assert code_of(raised(lambda: frame[["a", "b"]])) == ("D202", False)
    assert code_of(raised(lambda: pandas.read_csv(__file__ + ".missing"))) == ("S500", True)


def test_scalars_of_numpy_and_pandas_are_values() -> None:
    pandas = pytest.importorskip("pandas")
    from runledger.wire_value import read_count, read_number, read_text

    frame = pandas.DataFrame({"n": [3], "x": [0.5], "at": [pandas.Timestamp("2026-11-03", tz="UTC")]})
    complaints: list[Exception] = []
    assert read_count(frame["n"].sum(), "n", complaints.append) == 3
    assert read_number(frame["x"].mean(), "x", complaints.append) == 0.5
    assert read_text(frame["at"][0], "at", complaints.append) == "2026-11-03T00:00:00.000Z"
    assert read_text(pandas.NaT, "at", complaints.append) is None
    assert read_text(pandas.NA, "x", complaints.append) is None
    assert complaints == []


def test_the_cause_tells_where_the_error_does_not() -> None:
    def act() -> None:
        try:
            raise ConnectionResetError("gone")
        except ConnectionResetError as error:
            raise RuntimeError("cannot load") from error

    info = error_info_of(raised(act), {})
    assert (info["error_code"], info["message"]) == ("T101", "cannot load")
    assert info["root_cause"] == "ConnectionResetError: gone"
    assert "The above exception was the direct cause" in info["stack_trace"]


def test_what_the_error_says_of_itself_counts_most() -> None:
    error = TimeoutError("x")
    error.error_code = "E3001"  # type: ignore[attr-defined]
    error.retryable = False  # type: ignore[attr-defined]

    assert code_of(error) == ("E3001", False)
    assert error_info_of(error, {"error_code": "T150"})["error_code"] == "T150"


def test_a_stack_trace_without_end_keeps_its_end() -> None:
    def recurse(depth: int) -> int:
        return recurse(depth + 1) + 1

    trace = error_info_of(raised(lambda: recurse(0)), {})["stack_trace"]
    assert len(trace) < 20_000
    assert trace.endswith("RecursionError: maximum recursion depth exceeded")
