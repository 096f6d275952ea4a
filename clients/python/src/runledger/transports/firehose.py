"""To Amazon Data Firehose."""

from __future__ import annotations

import os
import time
from typing import Any, Callable, List, Optional, Sequence

from ..backoff import backoff_s
from ..error_kinds import kind_of
from ..runtime import Runtime
from ..wire_value import unexpected
from .transport import TransportError

_BASE_PAUSE_S = 0.2
_MAX_PAUSE_S = 5.0


class FirehoseTransport:
    """Sends events by `PutRecordBatch`, and again those entries that were not taken. Needs boto3 (`pip install
    'runledger[aws]'`), imported when the first events are sent. Raises a TypeError for a wrong option."""

    def __init__(
        self,
        stream: str,
        *,
        client: Any = None,
        tries: int = 4,
        runtime: Optional[Runtime] = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`client`: a `boto3.client("firehose")`; by default one with region and credentials of the environment."""
        if not isinstance(stream, str) or stream.strip() == "":
            raise unexpected("stream", "the name of a delivery stream", stream)
        if client is not None and not callable(getattr(client, "put_record_batch", None)):
            raise unexpected("client", "a client of boto3 for firehose", client)
        if not isinstance(tries, int) or tries < 1:
            raise unexpected("tries", "a positive integer", tries)
        self._stream = stream.strip()
        self._client = client
        self._own: Any = None
        self._own_pid = 0
        self._tries = tries
        self._runtime = runtime or Runtime()
        self._sleep = sleep

    @property
    def name(self) -> str:
        return f"firehose:{self._stream}"

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        end_s = time.monotonic() + timeout_s
        unsent = list(range(len(records)))
        for failures in range(1, self._tries + 1):
            failed, code = self._put([records[index] for index in unsent], unsent)
            if not failed:
                return None
            unsent = failed
            wait_s = backoff_s(failures, _BASE_PAUSE_S, _MAX_PAUSE_S, self._runtime.random)
            if failures == self._tries or time.monotonic() + wait_s >= end_s:
                break
            self._sleep(wait_s)
        message = f"Expected stream {self._stream} to take every record, got {code} for {len(unsent)} of {len(records)}"
        raise TransportError(message, retryable=True, unsent=unsent)

    def _put(self, records: List[bytes], indexes: List[int]) -> tuple[List[int], str]:
        """The answer identifies entries by their index in the request. Returns those that were not taken."""
        try:
            answer = self._boto3_client().put_record_batch(
                DeliveryStreamName=self._stream, Records=[{"Data": record} for record in records]
            )
        except TransportError:
            raise
        except Exception as error:
            # boto3 has tried transient errors again. Credentials may come back; a wrong name of a stream will not.
            kind = kind_of(error)
            is_final = kind is not None and kind.error_code.startswith("C3") and not lacks_credentials(error)
            # A client keeps the credentials that it was made with.
            self._own = None
            advice = ". Check RUNLEDGER_STREAM, the region and the account" if is_final else ""
            raise TransportError(
                f"Expected stream {self._stream} to take {len(records)} records, got {type(error).__name__}: {error}{advice}",
                retryable=not is_final,
                unsent=indexes,
            ) from error
        if not answer.get("FailedPutCount"):
            return [], ""
        entries = answer.get("RequestResponses") or []
        failed = [indexes[at] for at, entry in enumerate(entries) if entry.get("ErrorCode") and at < len(indexes)]
        code = next((entry["ErrorCode"] for entry in entries if entry.get("ErrorCode")), "no reason")
        # The answer counts failures but names none: send all again. The ledger drops duplicates.
        return failed or indexes, code

    def _boto3_client(self) -> Any:
        if self._client is not None:
            return self._client
        # A client is not for two processes.
        if self._own is None or self._own_pid != os.getpid():
            self._own, self._own_pid = boto3_client("firehose"), os.getpid()
        return self._own


def boto3_client(service: str) -> Any:
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        message = "Expected boto3 to be installed; run `pip install 'runledger[aws]'`"
        raise TransportError(message, retryable=False) from error
    config = Config(connect_timeout=3, read_timeout=10, retries={"max_attempts": 2, "mode": "standard"})
    return boto3.session.Session().client(service, config=config)


def lacks_credentials(error: Exception) -> bool:
    return "Credentials" in type(error).__name__
