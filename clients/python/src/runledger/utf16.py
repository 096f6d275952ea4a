"""Lengths and cuts of text in UTF-16 units, which the ledger and the TypeScript client count in."""

from __future__ import annotations


def length(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text) + sum(1 for letter in text if letter > "\uffff")


def head(text: str, units: int) -> str:
    """The first `units` of a text; a letter that would be halved becomes U+FFFD."""
    if len(text) * 2 <= units or (text.isascii() and len(text) <= units):
        return text
    if text.isascii():
        return text[:units]
    return _decoded(text.encode("utf-16-le", "surrogatepass")[: units * 2])


def well_formed(text: str) -> str:
    """Text that every reader of JSON and SQL takes for the same: no lone surrogate, no U+0000."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = _decoded(text.encode("utf-16-le", "surrogatepass"))
    return text.replace("\0", "\ufffd") if "\0" in text else text


def _decoded(units: bytes) -> str:
    return units.decode("utf-16-le", "replace")
