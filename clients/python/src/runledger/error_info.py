"""Describes anything that was raised."""

from __future__ import annotations

import traceback
from typing import Any, List, Mapping, Optional

from .error_kinds import Kind, kind_of, retryable_by_class
from .event import Columns
from .utf16 import head, length

_MAX_MESSAGE = 8_192
_MAX_STACK = 16_384
_MAX_CAUSES = 8
_CUT = "…[cut]"


def error_info_of(thrown: Any, details: Mapping[str, Any]) -> Columns:
    """`error_code` and `retryable` come from `details`, else from attributes of those names on the error or one of its
    causes, else from the kind of error."""
    causes = _causes_of(thrown)
    own = next((code for code in (_text_in(each, "error_code") for each in causes) if code), None)
    known: Optional[Kind] = next((kind for kind in (kind_of(each) for each in causes) if kind), None)
    given_code = details.get("error_code")
    error_code = str(given_code) if given_code else own or (known.error_code if known else "U900")
    retryable = next(
        (one for one in (details.get("retryable"), *(_get(each, "retryable") for each in causes)) if one in (True, False)),
        None,
    )
    if retryable is None:
        is_known = known is not None and known.error_code == error_code
        retryable = known.retryable if known and is_known else retryable_by_class(error_code)
    return {
        "error_code": error_code,
        "message": _cut(_message_of(thrown, details.get("message")), _MAX_MESSAGE),
        "stack_trace": _stack_of(thrown),
        "root_cause": _cut(describe(causes[-1]), _MAX_MESSAGE) if len(causes) > 1 else None,
        "retryable": None if retryable is None else bool(retryable),
    }


def describe(thrown: Any) -> str:
    """`Kind: message`, or the kind alone."""
    if not isinstance(thrown, BaseException):
        return safe_str(thrown)
    kind, message = _text_in(thrown, "code") or type(thrown).__name__, safe_str(thrown)
    return f"{kind}: {message}" if message else kind


def safe_str(value: Any) -> str:
    try:
        return str(value)
    except Exception:
        return f"[unreadable {type(value).__name__}]"


def _message_of(thrown: Any, given: Any) -> str:
    if given:
        return safe_str(given)
    return (safe_str(thrown) if isinstance(thrown, BaseException) else "") or describe(thrown)


def _stack_of(thrown: Any) -> Optional[str]:
    """With the causes, innermost call last. Of a long one the end is kept: it says where and why."""
    if not isinstance(thrown, BaseException) or thrown.__traceback__ is None:
        return None
    try:
        text = "".join(traceback.format_exception(type(thrown), thrown, thrown.__traceback__, limit=-64))
    except Exception:
        # An error whose text cannot be made.
        text = "".join(traceback.format_tb(thrown.__traceback__, limit=-64)) + describe(thrown)
    text = text.rstrip("\n")
    return text if len(text) <= _MAX_STACK else f"{_CUT}{text[-_MAX_STACK:]}"


def _causes_of(thrown: Any) -> List[Any]:
    """The error, then its cause, its cause's cause and so on; of several errors the first."""
    causes = [thrown]
    while len(causes) < _MAX_CAUSES:
        outer = causes[-1]
        several = _get(outer, "exceptions")
        cause = _get(outer, "__cause__")
        if cause is None and not _get(outer, "__suppress_context__"):
            cause = _get(outer, "__context__")
        if cause is None and isinstance(several, (list, tuple)) and several:
            cause = several[0]
        if cause is None or any(cause is one for one in causes):
            break
        causes.append(cause)
    return causes


def _get(holder: Any, name: str) -> Any:
    """An attribute of anything; a property that raises has none."""
    try:
        return getattr(holder, name, None)
    except Exception:
        return None


def _text_in(holder: Any, name: str) -> Optional[str]:
    value = _get(holder, name)
    return value if isinstance(value, str) and value != "" else None


def _cut(text: str, units: int) -> str:
    return f"{head(text, units)}{_CUT}" if length(text) > units else text
