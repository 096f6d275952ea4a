"""JSON exactly as JavaScript writes it: the same event has the same bytes from every client."""

from __future__ import annotations

import math
from json.encoder import encode_basestring
from typing import Any

_MAX_SAFE = 2**53


def quoted(text: str) -> str:
    """Text as JSON, with letters of all languages as they are."""
    return encode_basestring(text)


def number_text(value: float) -> str:
    """A finite number as JavaScript writes it: no `.0`, no exponent between 1e-7 and 1e21."""
    if value == int(value) and abs(value) < _MAX_SAFE:
        return str(int(value))
    mantissa, _, exponent_text = repr(float(value)).partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    # The value is 0.DIGITS times ten to the power of `point`.
    point = len(whole) + int(exponent_text or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0") or "0"
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if count > 1 else ""
    return f"{sign}{digits[0]}{tail}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def to_json(value: Any) -> str:
    """Takes what an event is made of: text, numbers, booleans, None, lists and dicts with text as keys."""
    if isinstance(value, str):
        return quoted(value)
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(int(value)) if abs(value) < _MAX_SAFE else number_text(float(value))
    if isinstance(value, float):
        return number_text(value) if math.isfinite(value) else "null"
    if isinstance(value, dict):
        return "{" + ",".join([f"{quoted(key)}:{to_json(one)}" for key, one in value.items()]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([to_json(one) for one in value]) + "]"
    raise TypeError(f"expected a value of JSON, got {type(value).__name__}")
