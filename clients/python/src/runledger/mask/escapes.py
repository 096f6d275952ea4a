"""A text with the signs that masks go by written plainly."""

from __future__ import annotations

import re

_ENTITIES = {
    "amp": "&",
    "commat": "@",
    "quot": '"',
    "apos": "'",
    "equals": "=",
    "colon": ":",
    "period": ".",
    "lt": "<",
    "gt": ">",
}
_ESCAPES = re.compile(
    r"(?:%(?:25){0,3}|\\{1,8}(?:u00|x)(?!22|27|5c)|(?<=\\)(?:u00|x)(?=22|27|5c))([2-7][0-9a-f])"
    r"|&#x0{0,4}([2-7][0-9a-f]);|&#0{0,4}(\d{2,3});"
    r"|&(amp|commat|quot|apos|equals|colon|period|lt|gt);|[\uff01-\uff5e\u3002\uff61]",
    re.IGNORECASE | re.ASCII,
)


def unescaped(text: str) -> str:
    """No percent-encoding (`password%3D`, `%2540`), no escape of JSON or Python (`\\u0040`, `\\x3d`), no entity of HTML
    (`&#64;`), no full-width letter (`＠`). Quotes and backslashes keep the backslashes before them, so that quoting stays
    balanced."""
    return _ESCAPES.sub(_meant, text)


def _meant(found: "re.Match[str]") -> str:
    hexadecimal, decimal, name = found[1] or found[2], found[3], found[4]
    code = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else 0
    if code > 31:
        return chr(code)
    if name:
        return _ENTITIES.get(name.lower(), found[0])
    if hexadecimal or decimal:
        return chr((ord(found[0][0]) - 0xFEE0) & 0xFFFF)
    return "." if found[0] in "\u3002\uff61" else chr(ord(found[0]) - 0xFEE0)
