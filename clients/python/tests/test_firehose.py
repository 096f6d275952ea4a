from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest
from runledger import FirehoseTransport, Ledger, S3Transport, TransportError
from vectors import FakeRuntime


class ClientError(Exception):
    """As botocore's."""

    def __init__(self, code: str) -> None:
        super().__init__(f"An error occurred ({code}) when calling the PutRecordBatch operation")
        self.response = {"Error": {"Code": code}}


class NoCredentialsError(Exception):
    """As botocore's."""


class Stream:
    """A client of boto3 whose n-th call fails these entries, or raises."""

    def __init__(self, *failures: Any) -> None:
        self.failures = list(failures)
        self.calls: List[List[bytes]] = []

    def put_record_batch(self, DeliveryStreamName: str, Records: List[Dict[str, bytes]]) -> Dict[str, Any]:
        self.calls.append([record["Data"] for record in Records])
        failed = self.failures.pop(0) if self.failures else []
        if isinstance(failed, Exception):
            raise failed
        responses = [{"ErrorCode": "ServiceUnavailable"} if at in failed else {} for at in range(len(Records))]
        return {"FailedPutCount": len(failed), "RequestResponses": responses}


def a_transport(client: Any, **options: Any) -> FirehoseTransport:
    return FirehoseTransport("runledger", client=client, sleep=lambda seconds: None, **options)


def test_only_entries_that_failed_are_sent_again() -> None:
    stream = Stream([1, 2], [1])
    a_transport(stream).send([b"a", b"b", b"c"], 20)

    assert stream.calls == [[b"a", b"b", b"c"], [b"b", b"c"], [b"c"]]


def test_what_is_left_after_all_tries_is_named() -> None:
    stream = Stream([1], [0], [0])
    with pytest.raises(TransportError) as raised:
        a_transport(stream, tries=3).send([b"a", b"b"], 20)

    assert raised.value.unsent == [1]
    assert raised.value.retryable is True
    assert "got ServiceUnavailable for 1 of 2" in str(raised.value)


def test_an_answer_that_counts_but_names_none_is_all_again() -> None:
    class Vague(Stream):
        def put_record_batch(self, DeliveryStreamName: str, Records: List[Dict[str, bytes]]) -> Dict[str, Any]:
            super().put_record_batch(DeliveryStreamName, Records)
            return {"FailedPutCount": 1} if len(self.calls) == 1 else {"FailedPutCount": 0}

    stream = Vague()
    a_transport(stream).send([b"a", b"b"], 20)

    assert stream.calls == [[b"a", b"b"], [b"a", b"b"]]


@pytest.mark.parametrize(
    "error, retryable",
    [
        (ClientError("ServiceUnavailableException"), True),
        (ClientError("ThrottlingException"), True),
        (ClientError("ExpiredTokenException"), True),
        (NoCredentialsError("Unable to locate credentials"), True),
        (ClientError("ResourceNotFoundException"), False),
        (ClientError("InvalidArgumentException"), True),
        (ConnectionError("no route"), True),
    ],
    ids=str,
)
def test_a_failed_call_may_pass_unless_the_stream_is_wrong(error: Exception, retryable: bool) -> None:
    with pytest.raises(TransportError) as raised:
        a_transport(Stream(error)).send([b"a"], 20)
    assert raised.value.retryable is retryable


def test_credentials_that_expire_in_the_middle_cost_no_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expired = ClientError("ExpiredTokenException")
    clients = [Stream([], expired), Stream(NoCredentialsError("Unable to locate credentials")), Stream()]
    made: List[Stream] = []

    def a_client(service: str) -> Stream:
        made.append(clients[len(made)])
        return made[-1]

    monkeypatch.setattr("runledger.transports.firehose.boto3_client", a_client)
    runtime = FakeRuntime()
    problems: List[Exception] = []
    ledger = Ledger(
        stream="runledger", spool=tmp_path, runtime=runtime, env={}, context=False, heartbeats=False, on_error=problems.append
    )
    run = ledger.start_run("orders")
    ledger.flush()
    for number in range(3):
        run.checkpoint(str(number))
        ledger.flush()
        runtime.advance(60_000)
    run.end()
    ledger.close()

    # A new client after each refusal: one keeps the credentials that it was made with.
    assert made == clients
    taken = b"".join(data for call in clients[2].calls for data in call)
    assert [taken.count(b'"message":"%d"' % number) for number in range(3)] == [1, 1, 1]
    assert taken.count(b"RUN_END") == 1
    assert (ledger.stats().dropped, list(tmp_path.rglob("*.ndjson*"))) == (0, [])


def test_a_wrong_name_of_a_stream_is_said_once_and_clearly(caplog: pytest.LogCaptureFixture) -> None:
    stream = Stream(*[ClientError("ResourceNotFoundException")] * 50)
    ledger = Ledger(transports=[a_transport(stream)], context=False, heartbeats=False)
    for number in range(20):
        with ledger.run(f"orders-{number}"):
            pass
    ledger.close()

    (said,) = [record.getMessage() for record in caplog.records]
    assert "Expected stream runledger to take" in said and "ResourceNotFoundException" in said
    assert "Check RUNLEDGER_STREAM, the region and the account" in said
    assert ledger.stats().dropped == 40


@pytest.mark.parametrize("stream", ["", " ", None, 5])
def test_a_name_that_is_none_is_refused(stream: Any) -> None:
    with pytest.raises(TypeError, match="`stream`: expected the name of a delivery stream"):
        FirehoseTransport(stream)


def test_objects_are_written_by_the_hour() -> None:
    class Bucket:
        def put_object(self, **arguments: Any) -> None:
            self.arguments = arguments

    bucket = Bucket()
    S3Transport("s3://logs/events/", client=bucket, runtime=FakeRuntime()).send([b"a\n", b"b\n"], 20)

    assert bucket.arguments["Bucket"] == "logs"
    assert bucket.arguments["Key"].startswith("events/dt=2026-11-03/hh=12/")
    assert bucket.arguments["Body"] == b"a\nb\n"


@pytest.mark.parametrize("url", ["logs", "s3://", "http://x", None])
def test_a_place_that_is_not_in_s3_is_refused(url: Any) -> None:
    with pytest.raises(TypeError, match="`url`: expected a place in S3"):
        S3Transport(url)
