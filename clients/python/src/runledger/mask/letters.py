"""What JavaScript's expressions mean where Python's mean something else."""

from __future__ import annotations

import re

#: `\s` of JavaScript, for the inside of a class.
SPACE = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


def ported(pattern: str, flags: int = 0) -> "re.Pattern[str]":
    """An expression with JavaScript's `\\s` and `.`. Classes of letters and cases are those of ASCII, as there."""
    source = re.sub(r"\[[^\]\\]*(?:\\.[^\]\\]*)*\]|\\.|\.|\$", _translated, pattern, flags=re.DOTALL)
    return re.compile(source, flags | re.ASCII)


def _translated(part: "re.Match[str]") -> str:
    text = part[0]
    if text.startswith("["):
        # Python warns of a class within a class.
        return ("[\\[" + text[2:] if text.startswith("[[") else text).replace(r"\s", SPACE)
    if text == r"\s":
        return f"[{SPACE}]"
    if text == ".":
        return r"[^\n\r\u2028\u2029]"
    return r"\Z" if text == "$" else text


def at(text: str, index: int) -> str:
    """`charAt`: the letter, or an empty text outside."""
    return text[index] if 0 <= index < len(text) else ""


def starts_at(text: str, part: str, index: int) -> bool:
    """`startsWith(part, index)`: a place before the text is its start."""
    return text.startswith(part, max(0, index))
