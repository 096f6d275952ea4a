"""Masks e-mail addresses, what a URL tells of who asks, and the webhooks of chats."""

from __future__ import annotations

import re
import unicodedata

from .letters import at, ported, starts_at
from .names import is_harmless

_I = re.IGNORECASE
_DOMAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
_ESCAPE = ported(r"""(?:u[0-9a-f]{4}|[bfnrt"'/])""", _I)
_PORT = ported(r"""^\d{1,5}(?:[,;/?#\s"']|$)""")
_ADDRESS = ported(r"^\[[0-9a-f:.%]{2,46}\]", _I)
_MAX_DOMAIN = 256
_MAX_PASSWORD = 256
#: Endings of files that are no top-level domains.
_FILE_ENDING = ported(
    r"(?:\.(?:parquet|csv|tsv|json|jsonl|ndjson|avro|orc|gz|gzip|bz2|zst|snappy|lz4|txt|log|xml|yaml|yml|sql|crc|tmp|tar|"
    r"jar|whl|pkl|png|jpg|pdf|xlsx?|bak|lock|delta|conf|ini|toml))+$",
    _I,
)
_QUOTED_LOCAL = re.compile(r"[^\n{}:,[\]]+")
_LONG_USER = ported(r"^(?=[^\d]*\d)[A-Za-z0-9_~-]{20,}$")
#: `jdbc:oracle:thin:user/password@host`.
_ORACLE = ported(r"""(oracle:(?:thin|oci8?):[^\s/@"'\\]{1,128}\/)[^\s@"'\\]{1,128}@""")
_WEBHOOK = ported(
    r"((?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/webhooks|"
    r"webhook\.office\.com\/webhookb2|hooks\.zapier\.com\/hooks\/catch)\/)[\w/@.%+~=-]{4,512}",
    _I,
)


def is_email(text: str) -> bool:
    """Whether the whole text is one e-mail address."""
    place = text.find("@")
    return place > 0 and _local_start(text, place, 0) == 0 and _domain_end(text, place + 1) == len(text)


def mask_emails(text: str) -> str:
    """But not the user info of a URL: `abfss://container@account.dfs.core.windows.net`."""
    masked = []
    done = 0
    # A local part ends at the `@` before it, so no letter is read twice.
    floor = 0
    place = text.find("@")
    while place != -1:
        start = _local_start(text, place, floor)
        floor = place + 1
        # `git@github.com:a/b.git` is the address of a repository.
        is_none = start == place or starts_at(text, "://", start - 3) or text[start:place] == "git"
        end = -1 if is_none else _domain_end(text, floor)
        if end != -1:
            masked.append(f"{text[done:start]}[email]")
            done = floor = end
        place = text.find("@", floor)
    return text if done == 0 else "".join(masked) + text[done:]


def mask_urls(text: str) -> str:
    """Masks the password in `scheme://user:password@host`, the user where it is an e-mail address or looks like a token,
    and the password of an Oracle URL."""
    masked = []
    done = 0
    place = text.find("://")
    while place != -1:
        start = place + 3
        end = _user_info_end(text, start)
        if end != -1:
            colon = text.find(":", start)
            user = text[start : end if colon == -1 else min(colon, end)]
            password = text[start + len(user) : end]
            is_open = password in ("", ":") or is_harmless(password[1:])
            masked.append(text[done:start] + _user_mark(user, at(text, place - 1) in ("s", "p")))
            masked.append(password if is_open else ":[password]")
            done = end
        place = text.find("://", max(place + 3, done))
    rest = text if done == 0 else "".join(masked) + text[done:]
    return _ORACLE.sub(r"\1[password]@", rest) if "oracle:" in rest else rest


def mask_webhooks(text: str) -> str:
    """Masks the paths of chats' webhooks: who has one can post there."""
    return _WEBHOOK.sub(r"\1[token]", text) if "hook" in text else text


def _user_mark(user: str, is_http: bool) -> str:
    """`https://PAT@dev.azure.com` has a token for a user. Names of users are shorter, or have no digits."""
    if is_email(user.replace("%40", "@", 1)):
        return "[email]"
    return "[token]" if is_http and _LONG_USER.search(user) else user


def _local_start(text: str, place: int, floor: int) -> int:
    """The start of the local part before an `@`. Letters of all languages belong to it, brackets do not."""
    if at(text, place - 1) == '"':
        quote = text.rfind('"', 0, place - 1) if place >= 2 else -1
        if quote >= max(floor, place - 66) and _QUOTED_LOCAL.fullmatch(text, quote + 1, place - 1):
            return quote - 1 if at(text, quote - 1) == "\\" else quote
    start = place
    while start > floor and _is_local(text[start - 1]):
        start -= 1
    # The first letter after a backslash belongs to a JSON escape, as in `\nbob@example.com`.
    if start > floor and text[start - 1] == "\\":
        escaped = _ESCAPE.match(text, start, start + 5)
        if escaped:
            start = min(place, escaped.end())
    while start < place and text[start] in ".-":
        start += 1
    return start


def _domain_end(text: str, start: int) -> int:
    """The end of the domain, or -1 if this is none: `zod@4.6.7` is a package, `job@worker` a host, `part@01.csv` a
    file."""
    end = start
    while end < len(text) and _is_domain(text[end]):
        if text[end] == "." and at(text, end + 1) == ".":
            break
        end += 1
    while end > start and text[end - 1] in ".-":
        end -= 1
    domain = text[start : min(end, start + _MAX_DOMAIN)]
    found = _FILE_ENDING.search(domain)
    files = len(found[0]) if found else 0
    return end - files if _has_top_level(domain[: len(domain) - files]) else -1


def _has_top_level(domain: str) -> bool:
    """True when a label after the first has only letters, or the last one begins with a letter."""
    labels = domain.split(".")
    for label in labels[1:]:
        if 2 <= len(label) <= 63 and all(_is_letter(each) for each in label):
            return True
    last = labels[-1]
    if len(labels) < 2 or not 2 <= len(last) <= 63 or not _is_letter(last[0]):
        return False
    return all(_is_letter(each) or _is_number(each) or each in "\0\ufffd-" for each in last[1:])


def _user_info_end(text: str, start: int) -> int:
    """The `@` that ends the user info of the URL whose authority begins here, or -1."""
    last = colon = -1
    index = start
    while index < len(text):
        letter = text[index]
        if letter == "@":
            last = index
        elif letter == ":" and colon == -1:
            colon = index
        elif letter in "/?#" or _is_url_end(text, index, letter):
            break
        index += 1
    if last != -1 or colon == -1:
        return last
    # A password may have an unencoded `/`, `?` or `#`. A port, or an address in brackets, is no password.
    if _PORT.search(text[colon + 1 : colon + 7]) or _ADDRESS.search(text[start : start + 48]):
        return -1
    most = min(len(text), index + _MAX_PASSWORD)
    while index < most:
        letter = text[index]
        if letter == "@":
            return index
        if _is_url_end(text, index, letter):
            return -1
        index += 1
    return -1


def _is_url_end(text: str, index: int, letter: str) -> bool:
    """A single quote inside a word belongs to the password."""
    if letter in ' \t\r\n\0"<>`':
        return True
    if letter == "'":
        return index + 1 >= len(text) or not _is_domain(text[index + 1])
    return letter == "\\" and _ESCAPE.match(text, index + 1, index + 6) is not None


def _is_foreign(letter: str) -> bool:
    """Anything but ASCII is a letter, blanks and general punctuation apart; so is a U+0000."""
    return letter == "\0" or (letter > "\u00a0" and not "\u2000" <= letter <= "\u206f" and letter != "\u3000")


def _is_domain(letter: str) -> bool:
    return letter in _DOMAIN or _is_foreign(letter)


def _is_local(letter: str) -> bool:
    return _is_domain(letter) or letter in "%+_"


def _is_letter(letter: str) -> bool:
    return unicodedata.category(letter).startswith("L")


def _is_number(letter: str) -> bool:
    return unicodedata.category(letter).startswith("N")
