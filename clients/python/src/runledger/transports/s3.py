"""To objects in S3: for a job that may write to a bucket and nothing else."""

from __future__ import annotations

import os
import re
from typing import Any, Optional, Sequence

from ..ids import TimeOrderedIds
from ..runtime import Runtime, iso_of
from ..wire_value import unexpected
from .firehose import boto3_client


class S3Transport:
    """Writes one object of NDJSON for each call: `s3://bucket/prefix/dt=2026-11-03/hh=12/….ndjson`. Needs boto3."""

    def __init__(self, url: str, *, client: Any = None, runtime: Optional[Runtime] = None) -> None:
        parts = re.fullmatch(r"s3://([^/\s]+)(?:/(.*))?", url.strip()) if isinstance(url, str) else None
        if parts is None:
            raise unexpected("url", 'a place in S3, like "s3://bucket/prefix"', url)
        self._bucket = parts[1]
        self._prefix = (parts[2] or "").strip("/")
        self._client = client
        self._own: Any = None
        self._own_pid = 0
        self._runtime = runtime or Runtime()
        self._ids = TimeOrderedIds(self._runtime)

    @property
    def name(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}"

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        now = iso_of(self._runtime.now())
        parts = [self._prefix, f"dt={now[:10]}", f"hh={now[11:13]}", f"{self._ids()}.ndjson"]
        key = "/".join(part for part in parts if part)
        client = self._client
        if client is None:
            if self._own is None or self._own_pid != os.getpid():
                self._own, self._own_pid = boto3_client("s3"), os.getpid()
            client = self._own
        try:
            client.put_object(Bucket=self._bucket, Key=key, Body=b"".join(records), ContentType="application/x-ndjson")
        except Exception:
            # A client keeps the credentials that it was made with.
            self._own = None
            raise
        return None
