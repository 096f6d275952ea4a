"""Masks credentials by the words before them: private keys, the schemes of headers (`Bearer …`), SQL (`identified by
'…'`), and commands (`curl -u user:…`). Each pattern is bounded at every place of a text and begins with a literal."""

from __future__ import annotations

import re
from typing import Callable, List, Optional, Tuple

from .letters import ported

_I = re.IGNORECASE
_WORDS = ported(r"b(?:earer|asic)|private key|identified|passw|s(?:ecret|ession_token|qlplus|qlldr)|expdp|impdp", _I)
#: Every other command has its password behind an option.
_OPTION = ported(r"\s-[-A-Za-z]")
_COMMANDS = ported(r"curl|wget|mysql|mariadb|sshpass|redis-cli|mongo|docker|az login|sqlcmd|bcp|unzip|ldap")

#: The start of a word. The letter after a backslash is an escape, not part of the word.
_EDGE = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"
#: The words before a quoted text in SQL.
_SQL = (
    r"(?:passw(?:or)?d|identified\s(?:with\s\w{1,40}\s)?by(?:\spassword)?|(?:aws_)?secret_(?:access_)?key|"
    r"(?:aws_)?session_token|[,(]\s{0,4}secret)"
)


def _argument(longest: int) -> str:
    """What follows an option, to its end, at most so long."""
    return (
        rf"""["']?)((?<=")[^"\n]{{1,{longest}}}|(?<=')[^'\n]{{1,{longest}}}|"""
        rf"""[^\s"'|;&-][^\s"'|;&]{{0,{longest - 1}}})"""
    )


_ARGUMENT = _argument(512)
_WITHIN = r"\b[^\n|;&]{0,200}?\s"

_BEARER_WORD = ported(
    r"^(?:tokens?|auth[a-z]*|access|schemes?|header|realm|scope|resource|challenge|errors?|errou?r_[a-z]+|format|"
    r"credentials?|type|method|flow|with|without|from|instead|missing|required|invalid|expired|failed|rejected|shares?|"
    r"bonds?)[.=]{0,3}$",
    _I,
)
_BASE64 = ported(r"\d|[a-z][A-Z]|=$")
_SQL_WORD = ported(r"^(?:values|password|externally)$", _I)

_Harmless = Callable[[str], bool]


def _is_bearer_word(value: str) -> bool:
    """`Bearer` and `Basic` are words of English too: what follows one must not be another such word."""
    return _BEARER_WORD.search(value) is not None


def _is_no_base64(value: str) -> bool:
    """Base64 has a length that is a multiple of four."""
    return len(value) % 4 != 0 or _BASE64.search(value) is None


_PHRASES: List[Tuple["re.Pattern[str]", str, Optional[_Harmless]]] = [
    (ported(rf"({_EDGE}bearer {{1,4}})([\w.~+/-]{{4,8192}}={{0,2}})", _I), "token", _is_bearer_word),
    (ported(rf"({_EDGE}basic {{1,4}})([A-Za-z0-9+/]{{6,1024}}={{0,2}})", _I), "token", _is_no_base64),
    (ported(rf"({_EDGE}{_SQL}\s{{1,2}}')([^'\n]{{1,4096}})", _I), "secret", None),
    (ported(rf'({_EDGE}{_SQL}\s{{1,2}}")([^"\n]{{1,4096}})', _I), "secret", None),
    (ported(r"(\bSECRET\s{1,4}')([^'\n]{1,4096})"), "secret", None),
    (
        ported(r"""(\bidentified\sby\s{1,2})([^\s"';\\]{1,4096})""", _I),
        "secret",
        lambda value: _SQL_WORD.search(value) is not None,
    ),
    (
        ported(r"""(\b(?:sqlplus|sqlldr|expdp|impdp)\s{1,2}(?:-[sSlL]\s){0,2}["']?[\w$#.-]{1,64}\/)([^\s@"'/]{1,1024})""", _I),
        "password",
        None,
    ),
    (
        ported(rf"(\b(?:mysql(?:dump|admin|import|sh)?|mariadb(?:-dump)?){_WITHIN}-p{_ARGUMENT}"),
        "password",
        None,
    ),
    (ported(rf"(\bsshpass\s-p\s?{_ARGUMENT}"), "password", None),
    (
        ported(rf"(\b(?:curl|wget)\b[^|;]{{0,400}}?\s(?:-u|--user|--proxy-user)[ =]?{_argument(160)}"),
        "password",
        lambda value: ":" not in value,
    ),
    (ported(rf"(\bredis-cli{_WITHIN}-a\s{_ARGUMENT}"), "password", None),
    (
        ported(rf"(\b(?:mongo(?:sh|dump|restore|export|import)?|docker login|az login){_WITHIN}-p\s{_ARGUMENT}"),
        "password",
        None,
    ),
    (ported(rf"(\b(?:sqlcmd|bcp|unzip){_WITHIN}-P\s?{_ARGUMENT}"), "password", None),
    (ported(rf"(\bldap(?:search|modify|add|whoami){_WITHIN}-w\s{_ARGUMENT}"), "password", None),
]


def mask_phrases(text: str) -> str:
    if not _WORDS.search(text) and not (_OPTION.search(text) and _COMMANDS.search(text)):
        return text
    masked = mask_private_keys(text)
    for pattern, mark, is_harmless in _PHRASES:
        masked = pattern.sub(_replacing(mark, is_harmless), masked)
    return masked


def _replacing(mark: str, is_harmless: Optional[_Harmless]) -> Callable[["re.Match[str]"], str]:
    def replaced(found: "re.Match[str]") -> str:
        value = found[2]
        is_kept = value.startswith("[") or (is_harmless is not None and is_harmless(value))
        return found[0] if is_kept else f"{found[1]}[{mark}]"

    return replaced


_BEGIN = "-----BEGIN "
_PRIVATE_KEY = ported(r"-----BEGIN (?:[A-Z0-9_-]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_END_LINE = ported(r"-----END [A-Z0-9 _-]{0,64}")
#: Base64, the lines of a header, blanks and line ends, those of JSON text too.
_KEY_TEXT = ported(r"(?:[A-Za-z0-9 \n\r\t+/=,:-]|\\(?=[nrt\\]))*")
_MAX_KEY = 32_768


def mask_private_keys(text: str) -> str:
    """From `-----BEGIN … PRIVATE KEY-----` to its end line. Without an end line, as far as the text looks like a key."""
    masked = []
    done = close = 0
    place = text.find(_BEGIN)
    while place != -1:
        head = _PRIVATE_KEY.match(text, place)
        if head:
            start = head.end()
            if close != -1 and close < start:
                close = text.find("-----END ", start)
            is_closed = close != -1 and close - start < _MAX_KEY
            rest = _END_LINE.match(text, close) if is_closed else _KEY_TEXT.match(text, start)
            masked.append(f"{text[done:place]}[private-key]")
            done = max(start, rest.end() if rest else 0)
        place = text.find(_BEGIN, max(done, place + 1))
    return text if done == 0 else "".join(masked) + text[done:]


