"""To a ledger over HTTP."""

from __future__ import annotations

import email.utils
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Callable, Optional, Sequence

from ..backoff import backoff_s
from ..mask import mask
from ..pack import MAX_CALL_BYTES
from ..runtime import Runtime
from ..wire_value import unexpected
from .transport import TransportError

_BASE_PAUSE_S = 0.2
_MAX_PAUSE_S = 5.0
_MAX_ANSWER_BYTES = 64 * 1024
_MAX_SHOWN = 200


class HttpTransport:
    """Sends events as NDJSON by `POST {url}/events`. Tried again: network errors, timeouts, the answers 3xx, 401, 403, 407,
    408, 429 and 5xx, and a page where the ledger's answer belongs; `Retry-After` is obeyed. After a 413 the same is sent in
    halves. Any other answer is final. Raises a TypeError for a wrong option. Proxies are those of the environment
    (`HTTPS_PROXY`, `NO_PROXY`)."""

    def __init__(
        self,
        url: str,
        *,
        token: Optional[str] = None,
        timeout_s: float = 5.0,
        tries: int = 2,
        runtime: Optional[Runtime] = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._endpoint = f"{base_of(url)}/events"
        if not isinstance(timeout_s, (int, float)) or not 0 < timeout_s < 3_600:
            raise unexpected("timeout_s", "a number of seconds", timeout_s)
        if not isinstance(tries, int) or tries < 1:
            raise unexpected("tries", "a positive integer", tries)
        self._headers = {"Content-Type": "application/x-ndjson", **authorization(token)}
        self._timeout_s = timeout_s
        self._tries = tries
        self._runtime = runtime or Runtime()
        self._sleep = sleep
        self._max_bytes = MAX_CALL_BYTES

    @property
    def name(self) -> str:
        return self._endpoint

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        return self._send(b"".join(records), time.monotonic() + timeout_s)

    def _send(self, body: bytes, end_s: float) -> Optional[int]:
        middle = body.find(b"\n", len(body) // 2, -1) + 1 or body.rfind(b"\n", 0, len(body) // 2) + 1
        if len(body) > self._max_bytes and middle > 0:
            return self._send_both(body[:middle], body[middle:], end_s)
        try:
            return self._send_patiently(body, end_s)
        except TransportError as error:
            if error.status != 413 or middle == 0:
                raise
        # What stands before the ledger takes less than the ledger: it is not asked for so much again.
        self._max_bytes = len(body) - 1
        return self._send_both(body[:middle], body[middle:], end_s)

    def _send_both(self, first: bytes, second: bytes, end_s: float) -> Optional[int]:
        rejected = [self._send(first, end_s), self._send(second, end_s)]
        known = [each for each in rejected if each is not None]
        return sum(known) if known else None

    def _send_patiently(self, body: bytes, end_s: float) -> Optional[int]:
        for failures in range(1, self._tries + 1):
            try:
                return self._post(body, max(0.1, min(self._timeout_s, end_s - time.monotonic())))
            except TransportError as error:
                wait_s = error.retry_after_s or backoff_s(failures, _BASE_PAUSE_S, _MAX_PAUSE_S, self._runtime.random)
                is_last = failures >= self._tries or wait_s > _MAX_PAUSE_S
                if not error.retryable or is_last or time.monotonic() + wait_s >= end_s:
                    raise
                self._sleep(wait_s)
        raise AssertionError("the last try returns or raises")

    def _post(self, body: bytes, timeout_s: float) -> Optional[int]:
        request = urllib.request.Request(self._endpoint, data=body, headers=self._headers, method="POST")
        try:
            with open_url(request, timeout_s) as answer:
                content = answer.read(_MAX_ANSWER_BYTES)
                if content.lstrip()[:1] == b"<":
                    raise TransportError(_page_instead(self._endpoint, content), retryable=True)
                return rejected_in(content)
        except urllib.error.HTTPError as error:
            try:
                return self._refused(error)
            finally:
                error.close()
        except (OSError, http.client.HTTPException) as error:
            message = f"Expected an answer from POST {self._endpoint}, got {_reason_of(error)}"
            raise TransportError(message, retryable=True) from error

    def _refused(self, answer: urllib.error.HTTPError) -> int:
        try:
            content = answer.read(_MAX_ANSWER_BYTES)
        except (OSError, http.client.HTTPException):
            content = b""
        rejected = rejected_in(content)
        # 422 says that every event was rejected: the ledger keeps them with the reason, so they have arrived.
        if answer.code == 422 and rejected is not None:
            return rejected
        place = answer.headers.get("Location") if 300 <= answer.code < 400 else None
        text = f" to {mask(place[:_MAX_SHOWN])}; write its address into RUNLEDGER_URL" if place else _shown(content)
        raise TransportError(
            f"Expected POST {self._endpoint} to answer 200, got {answer.code}{text}",
            # An address that has moved, and a token that is wrong or expired, can be put right while the events wait.
            retryable=answer.code in (401, 403, 407, 408, 429) or answer.code >= 500 or 300 <= answer.code < 400,
            retry_after_s=retry_after_s(answer.headers.get("Retry-After"), self._runtime.now() / 1000),
            status=answer.code,
        ) from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Following one would turn the POST into a GET, and take the token to another host."""

    def redirect_request(self, *_: Any) -> None:
        return None


def open_url(request: urllib.request.Request, timeout_s: float) -> Any:
    """As `urllib.request.urlopen`, but that a redirect is an HTTPError. The proxies are those of now."""
    return urllib.request.build_opener(_NoRedirects).open(request, timeout=timeout_s)


def base_of(url: Any) -> str:
    """An address as it is written before a path. Raises a TypeError for one that is none, or that holds a password."""
    expected = 'an http or https address without credentials, like "http://127.0.0.1:4319"'
    try:
        parts = urllib.parse.urlsplit(url.strip())
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        _ = parts.port
    except (AttributeError, TypeError, ValueError):
        is_good = False
    if not is_good:
        raise unexpected("url", expected, url)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def authorization(token: Optional[str]) -> dict[str, str]:
    if token is None:
        return {}
    if not isinstance(token, str) or token == "" or not all("!" <= letter <= "~" for letter in token):
        raise TypeError("`token`: expected printable ASCII without spaces, got something else (not shown)")
    return {"Authorization": f"Bearer {token}"}


def rejected_in(answer: bytes) -> Optional[int]:
    """The count of rejected events, if the answer has one. Without it the call is a success all the same."""
    try:
        rejected = json.loads(answer).get("rejected")
    except (ValueError, AttributeError):
        return None
    return rejected if isinstance(rejected, int) else None


def retry_after_s(header: Optional[str], now_s: float) -> float:
    """Seconds, or a date."""
    text = (header or "").strip()
    if text.isdigit() and len(text) < 10:
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - now_s)
    except (TypeError, ValueError, IndexError):
        return 0.0


def _page_instead(endpoint: str, content: bytes) -> str:
    """A proxy or a portal that wants a login answers 200 too."""
    return f"Expected the answer of a ledger from POST {endpoint}, got a page{_shown(content)}"


def _shown(content: bytes) -> str:
    text = mask(content.decode("utf-8", "replace").strip()[:_MAX_SHOWN])
    return f": {text}" if text else ""


def _reason_of(error: BaseException) -> str:
    reason = getattr(error, "reason", None) or error
    return str(reason) or type(reason).__name__
