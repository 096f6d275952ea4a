"""A watermark from the ledger's table in DynamoDB, for jobs that cannot reach a ledger over HTTP. The layout of its items is
in `docs/watermarks.md` of the project."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Dict, Iterator, Optional, Tuple

from .error_info import safe_str
from .transports.firehose import boto3_client

#: DynamoDB's bounds for keys.
_MAX_PARTITION_KEY_BYTES = 2_048
_MAX_SORT_KEY_BYTES = 1_024


class LedgerUnavailable(Exception):
    """The ledger could not be asked. A job that reads a watermark must not take this for "never ran"."""


def live_item(table: str, process_name: str, environment: Optional[str], client: Any = None) -> Dict[str, Any]:
    """What the table knows of the pipeline; without an environment, of the one that succeeded, or was set by hand, last. Empty:
    neither happened. `client`: a `boto3.client("dynamodb")`, by default one of the environment. Raises `LedgerUnavailable`."""
    try:
        found = list(_items(client or boto3_client("dynamodb"), table, process_name, environment))
    except Exception as error:
        # No boto3, no credentials, no region, no such table, no right to read it, no answer.
        advice = "Check RUNLEDGER_LIVE_TABLE, the region, and that the role may read `watermark#*` of the table"
        raise LedgerUnavailable(
            f"Expected the table {table} to say how far {process_name} has come, "
            f"got {type(error).__name__}: {safe_str(error)}. {advice}"
        ) from error
    return max((item for item in found if any(_known_since(item))), key=_known_since, default={})


def _known_since(item: Dict[str, Any]) -> Tuple[str, str]:
    """When a run last succeeded, and where none did when a person set it: an environment where runs succeed goes first."""
    return str(item.get("last_success_at") or ""), str(item.get("set_at") or "")


def _items(client: Any, table: str, process_name: str, environment: Optional[str]) -> Iterator[Dict[str, Any]]:
    partition = _key("watermark#", process_name, _MAX_PARTITION_KEY_BYTES)
    if environment is not None:
        key = {"pk": {"S": partition}, "sk": {"S": _key("", environment, _MAX_SORT_KEY_BYTES)}}
        answer = client.get_item(TableName=table, Key=key, ConsistentRead=True)
        yield _texts(answer.get("Item") or {})
        return
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": partition}},
        ConsistentRead=True,
    )
    for page in pages:
        yield from map(_texts, page.get("Items") or [])


def _texts(item: Dict[str, Any]) -> Dict[str, Any]:
    return {name: value["S"] for name, value in item.items() if "S" in value}


def _key(prefix: str, text: str, max_bytes: int) -> str:
    """A longer one is stored under its hash."""
    whole = f"{prefix}{text}"
    if len(whole.encode("utf-8", "replace")) <= max_bytes:
        return whole
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    return f"{prefix}{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
