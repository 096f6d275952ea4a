"""Reads the host's values as the wire has them. What cannot be read is left out, with a complaint; nothing is thrown at
the host."""

from __future__ import annotations

import math
import os
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Set, TypeVar

from .mask import mask
from .wire_json import number_text, to_json

Complain = Callable[[Exception], None]
Value = TypeVar("Value")
Reader = Callable[[Any, str, Complain], Optional[Value]]

MAX_SAFE_INTEGER = 2**53 - 1
_MAX_DEPTH = 16
#: So many values of one argument are read: a value may hold another many times over, without end.
_MAX_VALUES = 50_000


def read_text(value: Any, name: str, complain: Complain) -> Optional[str]:
    """Any value as text: dicts and lists as JSON, dates as ISO 8601."""
    value = plain(value)
    if value is None or isinstance(value, str):
        # A subclass of str may override anything.
        return None if value is None else str.__str__(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value) if math.isfinite(value) else _NOT_FINITE.get(value, "NaN")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, date):
        return read_instant(value, name, complain)
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {value}"
    if isinstance(value, (Mapping, list, tuple, set, frozenset)):
        return to_json(json_value(value))
    return str(value)


_NOT_FINITE = {math.inf: "Infinity", -math.inf: "-Infinity"}


def read_count(value: Any, name: str, complain: Complain) -> Optional[int]:
    """An integer from 0 to 2^53-1."""
    value = plain(value)
    if value is None:
        return None
    if isinstance(value, (float, Decimal)) and math.isfinite(value) and value == int(value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_SAFE_INTEGER:
        return int(value)
    complain(unexpected(name, "an integer from 0 to 2^53-1", value))
    return None


def read_number(value: Any, name: str, complain: Complain) -> Optional[float]:
    value = plain(value)
    if value is None:
        return None
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and math.isfinite(value):
        if isinstance(value, int) and abs(value) <= MAX_SAFE_INTEGER:
            return int(value)
        return float(value)
    complain(unexpected(name, "a finite number", value))
    return None


def read_boolean(value: Any, name: str, complain: Complain) -> Optional[bool]:
    value = plain(value)
    if value is None or isinstance(value, bool):
        return value
    complain(unexpected(name, "true or false", value))
    return None


#: A number below this is seconds since 1970, above it milliseconds: the year 5138, and 1973.
_SECONDS_BELOW = 1e11


def read_instant(value: Any, name: str, complain: Complain) -> Optional[str]:
    """A moment. Text is passed on as it is, and so is a time without zone: the ledger reads both, and flags the latter."""
    value = plain(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        seconds = value if abs(value) < _SECONDS_BELOW else value / 1000
        value = datetime.fromtimestamp(seconds, tz=timezone.utc)
    if isinstance(value, datetime) and value == value:
        ms = value.microsecond // 1000
        if value.tzinfo is None:
            return f"{value:%Y-%m-%dT%H:%M:%S}.{ms:03d}"
        return f"{value.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%S}.{ms:03d}Z"
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    complain(unexpected(name, "a datetime or ISO 8601 text", value))
    return None


def read_map(read: Reader[Value]) -> Reader[Dict[str, Value]]:
    """A map whose values one reader reads; what cannot be read is left out."""

    def reader(value: Any, name: str, complain: Complain) -> Optional[Dict[str, Value]]:
        if value is None:
            return None
        if not isinstance(value, Mapping):
            complain(unexpected(name, "a dict", value))
            return None
        result: Dict[str, Value] = {}
        for key in list(value):
            text = attempt(lambda: read_text(key, f"key of {name}", complain), complain)  # noqa: B023
            if text is None:
                continue
            one = attempt(lambda: read(value[key], f"{name}.{text}", complain), complain)  # noqa: B023
            if one is not None:
                result[text] = one
        return result

    return reader


def read_row(readers: Mapping[str, Reader[Any]]) -> Reader[Dict[str, Any]]:
    """The known fields of a struct, each by its reader."""

    def reader(value: Any, name: str, complain: Complain) -> Optional[Dict[str, Any]]:
        if value is None:
            return None
        if not isinstance(value, Mapping):
            complain(unexpected(name, "a dict", value))
            return None
        row: Dict[str, Any] = {}
        for key, read in readers.items():
            one = attempt(lambda: read(value.get(key), f"{name}.{key}", complain), complain)  # noqa: B023
            if one is not None:
                row[key] = one
        return row

    return reader


def read_texts(value: Any, name: str, complain: Complain) -> Optional[List[str]]:
    if value is None:
        return None
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        complain(unexpected(name, "a list of texts", value))
        return None
    texts = [attempt(lambda: read_text(one, name, complain), complain) for one in value]  # noqa: B023
    return [text for text in texts if text is not None]


def plain(value: Any) -> Any:
    """A value of Python for one of numpy or pandas, an Enum or a path."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, (str, int, float, bytes, date, type(None))):
        return None if type(value).__name__ == "NaTType" else value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if type(value).__name__ in ("datetime64", "timedelta64"):
        # Of nanoseconds, `item` makes an integer.
        value = value.astype(f"{type(value).__name__}[us]")
    # numpy's scalars, and arrays of no dimension; pandas' NA has no `item`.
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "ndim", None) == 0:
        return item()
    return None if type(value).__name__ == "NAType" else value


def json_value(value: Any) -> Any:
    """A value as JSON can have it. What is within itself or too deep becomes a mark; what is beyond the first fifty thousand
    values is left out."""
    return _JsonValues().read(value, 0)


class _JsonValues:
    def __init__(self) -> None:
        self._left = _MAX_VALUES
        #: Those that the value at hand is within, by id.
        self._around: Set[int] = set()

    def read(self, value: Any, depth: int) -> Any:
        self._left -= 1
        value = plain(value)
        if value is None or isinstance(value, (bool, int, str)):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        is_map = isinstance(value, Mapping)
        if not is_map and not isinstance(value, (list, tuple, set, frozenset)):
            return read_text(value, "", lambda _: None)
        if id(value) in self._around:
            return "[within itself]"
        if depth == _MAX_DEPTH:
            return "[nested too deep]"
        self._around.add(id(value))
        try:
            if is_map:
                return {str(key): self.read(one, depth + 1) for key, one in self._some(value.items())}
            return [self.read(one, depth + 1) for one in self._some(value)]
        finally:
            self._around.discard(id(value))

    def _some(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            if self._left <= 0:
                return
            yield value


def attempt(act: Callable[[], Value], complain: Complain) -> Optional[Value]:
    """A failure of the host's values (a `str` that raises, a container that changes) is a complaint, not an error."""
    try:
        return act()
    except Exception as error:
        complain(error)
        return None


def unexpected(name: str, expected: str, value: Any) -> TypeError:
    """`name`: expected …, got …."""
    try:
        got = _shown(value)
    except Exception:
        got = "something unreadable"
    return TypeError(f"`{name}`: expected {expected}, got {got}")


_MAX_SHOWN = 80


def _shown(value: Any) -> str:
    if value is None or isinstance(value, (bool, int, float, Decimal)):
        return str(value)
    if isinstance(value, str):
        return to_json(mask(value[:_MAX_SHOWN]))
    return f"a {type(value).__name__}"
