"""Replaces secrets and personal data in a text by placeholders that name their kind, such as `[email]`."""

from __future__ import annotations

from .addresses import mask_emails, mask_urls, mask_webhooks
from .escapes import unescaped
from .json_text import looks_like_json, mask_json
from .names import is_telling
from .pairs import mask_pairs
from .phrases import mask_phrases
from .token import has_long_word, mask_tokens

_MAX_ROUNDS = 5
#: JSON text may contain JSON text. Below this depth it is masked as plain text.
_MAX_JSON_DEPTH = 4


def mask(text: str) -> str:
    """Idempotent, linear. It finds credentials by their form, by their name, and by the words or the URL around them; it
    cannot find others (a password in a sentence)."""
    if not _has_signs(text):
        return text
    masked = _mask_once(text, 0)
    if masked == text:
        return text
    # A placeholder may complete another secret beside it, so rounds repeat until one changes nothing.
    for _ in range(1, _MAX_ROUNDS):
        again = _mask_once(masked, 0)
        if again == masked:
            return masked
        masked = again
    return "[masked]"


def _mask_once(text: str, depth: int) -> str:
    if depth < _MAX_JSON_DEPTH and looks_like_json(text):
        masked = mask_json(text, lambda part: _mask_once(part, depth + 1))
        if masked is not None:
            return masked
    masked = _mask_plain(text)
    if not _has_escape(text):
        return masked
    # What is written in escapes is masked as what it means, and left as it is when that hides nothing.
    meant = unescaped(masked)
    again = masked if meant == masked else _mask_plain(meant)
    return masked if again == meant else again


def _mask_plain(text: str) -> str:
    masked = text
    has_blank, has_at, has_slash = " " in text, "@" in text, "/" in text
    has_separator = _has_any(text, "=:>\"'")
    if has_blank:
        masked = mask_phrases(masked)
    if has_long_word(text):
        masked = mask_tokens(masked)
    telling = (has_separator or has_blank or has_slash) and is_telling(masked)
    if telling and has_slash:
        masked = mask_webhooks(masked)
    # URLs before pairs, because `https://token:x@host` is no pair. Addresses last: `password=a@b.com` is no address.
    if has_at:
        masked = mask_urls(masked)
    if telling and (has_separator or has_blank):
        masked = mask_pairs(masked)
    return mask_emails(masked) if has_at else masked


def _has_signs(text: str) -> bool:
    """What masks go by. Most texts are short names and have nothing of it."""
    return _has_any(text, ' =:>"\'@/') or _has_escape(text) or has_long_word(text)


def _has_escape(text: str) -> bool:
    """Also any letter that is not ASCII, of which some are written for ASCII ones."""
    return not text.isascii() or _has_any(text, "%\\&\0")


def _has_any(text: str, letters: str) -> bool:
    return any(letter in text for letter in letters)
