"""How far a pipeline's data has come: what its last successful run covered. Read from the ledger at `RUNLEDGER_URL`, else
from the table at `RUNLEDGER_LIVE_TABLE`."""

from __future__ import annotations

import http.client
import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Dict, List, Mapping, Optional

from .error_info import safe_str
from .live_table import LedgerUnavailable, live_item
from .mask import mask
from .settings import DEFAULT_URL
from .transports.http import authorization, base_of, open_url

_TIMEOUT_S = 15.0
_MAX_REASON_BYTES = 500
_MAX_ANSWER_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class Watermark:
    """All None: no run of it succeeded so far, and nobody set it by hand."""

    #: The end of the latest data interval that a successful run covered, or what a person set since.
    data_until: Optional[datetime] = None
    last_success_at: Optional[datetime] = None
    last_success_run_id: Optional[str] = None


def read_watermark(
    process_name: str, environment: Optional[str] = None, env: Optional[Mapping[str, str]] = None
) -> Watermark:
    """Without an environment, that of `RUNLEDGER_ENVIRONMENT`, else the one that succeeded, or was set by hand, last. Raises
    `LedgerUnavailable`."""
    variables = os.environ if env is None else env
    environment = environment or variables.get("RUNLEDGER_ENVIRONMENT") or None
    table = variables.get("RUNLEDGER_LIVE_TABLE", "").strip()
    if table and not variables.get("RUNLEDGER_URL", "").strip():
        item = live_item(table, process_name, environment)
    else:
        item = _row_of_the_view(process_name, environment, variables)
    return Watermark(_moment(item.get("data_until")), _moment(item.get("last_success_at")), item.get("last_success_run_id"))


def _row_of_the_view(process_name: str, environment: Optional[str], variables: Mapping[str, str]) -> Dict[str, Any]:
    where = f"process_name = {literal(process_name)}"
    if environment is not None:
        where += f" and environment = {literal(environment)}"
    rows = ask(
        "select data_until, last_success_at, last_success_run_id from watermarks "
        f"where {where} and coalesce(last_success_at, set_at) is not null "
        "order by last_success_at desc nulls last, set_at desc nulls last limit 1",
        variables,
    )
    return rows[0] if rows else {}


def ask(sql: str, env: Mapping[str, str]) -> List[Dict[str, Any]]:
    """The rows of an answer. Raises `LedgerUnavailable`."""
    token = env.get("RUNLEDGER_TOKEN", "").strip() or None
    try:
        base = base_of(env.get("RUNLEDGER_URL", "").strip() or DEFAULT_URL)
        headers = {"Content-Type": "application/json", **authorization(token)}
    except TypeError as error:
        raise LedgerUnavailable(str(error).replace("`url`", "`RUNLEDGER_URL`").replace("`token`", "`RUNLEDGER_TOKEN`")) from error
    body = json.dumps({"sql": sql}).encode()
    request = urllib.request.Request(f"{base}/query", data=body, headers=headers, method="POST")
    try:
        with open_url(request, _TIMEOUT_S) as answer:
            parsed = json.loads(answer.read(_MAX_ANSWER_BYTES))
            names = [column["name"] for column in parsed["columns"]]
            return [dict(zip(names, row)) for row in parsed["rows"]]
    except urllib.error.HTTPError as error:
        with error:
            reason = mask(error.read(_MAX_REASON_BYTES).decode("utf-8", "replace").strip())
            raise LedgerUnavailable(f"Expected POST {base}/query to answer 200, got {error.code}: {reason}") from error
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException) as error:
        raise LedgerUnavailable(f"Expected an answer from POST {base}/query, got {safe_str(error)}") from error


def literal(text: str) -> str:
    quoted = text.replace("'", "''")
    return f"'{quoted}'"


def _moment(text: Any) -> Optional[datetime]:
    """Aware, in UTC."""
    if not isinstance(text, str):
        return None
    try:
        # The ledger's times are in UTC; Python before 3.11 does not read their `Z`.
        return datetime.fromisoformat(text.rstrip("Z")).replace(tzinfo=timezone.utc)
    except ValueError:
        return None
