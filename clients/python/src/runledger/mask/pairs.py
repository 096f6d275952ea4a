"""Masks the values of secret names: `name=value`, `"name":"value"` at any depth of quoting, `--name value`,
`<name>value<`, `set("name", "value")`, `env["name"] = value`, `{name: secret name, value: value}`. It goes from separator
to separator and on from the end of a value, so no letter is read twice as a value, nor as a name."""

from __future__ import annotations

import re
from typing import List, NamedTuple, Optional, Tuple

from .letters import at, ported, starts_at
from .names import MAX_NAME, NAMED, NAMING, SecretKind, is_harmless, mark_of, secret_kind_of
from .values import (
    ValueSpan,
    backslashes_at,
    bare_value,
    block_value,
    element_value,
    is_blank,
    is_name_letter,
    is_quote,
    line_value,
    skip_blanks,
    value_at,
)

_I = re.IGNORECASE
#: A separator; behind a name, a quote or a closing bracket also a `,` and a `>`.
_SEPARATOR = ported(r"""[=:]|--|["'],|[\w"'-]>""")
_PWD = ported(r"^(?:OLD)?PWD$", _I)
_COOKIE = ported(r"cookie$", _I)
_ESCAPED_NAME = ported(r"^(?:u[0-9a-f]{4}|[bfnrt])", _I)
_NAME_AS_VALUE = ported(r"""[ \t]{0,4}\\{0,7}["'`]?([\w.-]{2,128})""")
_TOKENS = ported(r"^tokens?$", _I)
#: `Unexpected token: x` is what a parser says, `page token: 5` what a reader does.
_PARSERS_WORD = ported(r"\b(?:unexpected|expected|illegal|next|page|continuation|watermark|at) $", _I)
#: `set("name", "value")` and the like; `select("name", "value")` is none.
_CALL = ported(
    r"""(?:set\w{0,12}|put\w{0,8}|add\w{0,8}|option|conf(?:ig)?|property|header|env|default|param\w{0,8})\(\s?\\{0,3}["']$""",
    _I,
)
_ELEMENT = ported(r"<(?:[\w-]{1,32}:)?([\w.-]{2,64})(?:\s[^<>]{0,200})?$")
_KEYS = ported(r"^keys?$", _I)
_SCHEME = ported(
    r"^(?:bearer|basic|digest|token|negotiate|ntlm|apikey|aws4-hmac-sha256|sharedkey|sharedaccesssignature)$", _I
)
_NO_TEXT = re.compile(r"^(?:-?[\d.eE+-]+|[\[{].*)\Z", re.DOTALL | re.ASCII)


class _Name(NamedTuple):
    text: str
    start: int
    #: The quote behind it, with its backslashes.
    quote: str


class _Change(NamedTuple):
    start: int
    end: int
    mark: str


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        #: Where the last value that was masked ends.
        self.floor = 0
        #: A secret's name that stood as a value, as in `name: DB_PASSWORD`: the next pair has its value.
        self.named: Optional[Tuple[SecretKind, int]] = None


def mask_pairs(text: str) -> str:
    scan = _Scan(text)
    masked: List[str] = []
    place = 0
    while True:
        found = _SEPARATOR.search(text, place)
        if found is None:
            return text if scan.floor == 0 else "".join(masked) + text[scan.floor :]
        place = found.end()
        is_flag = starts_at(text, "--", place - 2)
        change = _of_flag(scan, place) if is_flag else _of_separator(scan, place - 1)
        if change:
            masked.append(text[scan.floor : change.start] + change.mark)
            scan.floor = change.end
        place = max(place, scan.floor)


def _of_separator(scan: _Scan, index: int) -> Optional[_Change]:
    text = scan.text
    sign, following = text[index], at(text, index + 1)
    # `token::text` is a cast, `10:15` a time, `://` is for the masks of URLs.
    if sign == ":" and (
        following == ":"
        or text.startswith("//", index + 1)
        or (_is_digit(following) and _is_digit(at(text, index - 1)))
    ):
        return None
    name = _element_before(text, index, scan.floor) if sign == ">" else _name_before(text, index, scan.floor)
    if name is None or not _is_place(text, sign, name):
        return None
    start = index + 1
    # `==`, `=>` and `:=` separate too.
    while start < index + 3 and at(text, start) in ("=", ">"):
        start += 1
    kind = _kind_of(scan, name, start)
    if kind is None or (kind == "query-signature" and (sign != "=" or name.quote != "")):
        return None
    # PWD is a folder in a shell, and a password in an ODBC string.
    if _PWD.search(name.text) and at(text, start) == "/":
        return None
    return _change_of(text, _span_of(text, sign, start, name), kind, name, sign == "=")


def _span_of(text: str, sign: str, start: int, name: _Name) -> Optional[ValueSpan]:
    if sign == ">":
        return element_value(text, start)
    block = block_value(text, name.start, start) if sign == ":" else None
    if block:
        return block
    begin = skip_blanks(text, start)
    if _COOKIE.search(name.text) and not is_quote(at(text, begin + backslashes_at(text, begin))):
        return line_value(text, start)
    return value_at(text, start, sign == "=" or name.quote != "")


def _of_flag(scan: _Scan, start: int) -> Optional[_Change]:
    """`--password x`, and `"--password", "x"` of an argument list. `--password=x` is found by its separator."""
    text = scan.text
    glued = is_name_letter(text, start - 3) and at(text, start - 4) != "\\"
    if start - 2 < scan.floor or glued or at(text, start) == "-":
        return None
    end = start
    while end < start + MAX_NAME and is_name_letter(text, end):
        end += 1
    begin = end
    if is_quote(at(text, end)) and at(text, end + 1) == ",":
        begin = end + 2
    elif not is_blank(at(text, end)):
        return None
    name = text[start:end]
    kind = secret_kind_of(name)
    if kind is None or kind.endswith("signature"):
        return None
    value = value_at(text, begin, False)
    # The next flag is no value: this flag prompts for it.
    if value is None or (value.bare and at(text, value.start) == "-"):
        return None
    return _change_of(text, value, kind, _Name(name, start, ""), True)


def _change_of(
    text: str, span: Optional[ValueSpan], kind: SecretKind, name: _Name, assigned: bool
) -> Optional[_Change]:
    if span is None:
        return None
    value = text[span.start : span.end]
    if span.bare and _SCHEME.search(value) and is_blank(at(text, span.end)):
        token = bare_value(text, skip_blanks(text, span.end))
        if token:
            is_none = is_harmless(text[token.start : token.end])
            return None if is_none else _Change(token.start, token.end, "[token]")
    mark = mark_of(kind, value, not span.bare or assigned or name.quote != "")
    if mark is None:
        return None
    # A number, a list or a map in JSON text becomes a string: a bare mark would not parse.
    quote = name.quote if span.bare and name.quote != "" and _NO_TEXT.search(value) else ""
    return _Change(span.start, span.end, f"{quote}{mark}{quote}")


def _kind_of(scan: _Scan, name: _Name, start: int) -> Optional[SecretKind]:
    """The kind of secret that a name announces, by itself or as the `value` of the name before it."""
    named, scan.named = scan.named, None
    # Directly behind a backslash the first letter belongs to an escape, as in `\ntoken=x` or `\u0026sig=x`.
    is_escaped = at(scan.text, name.start - 1) == "\\"
    plain = _ESCAPED_NAME.sub("", name.text, count=1) if is_escaped else name.text
    kind = secret_kind_of(name.text) or (secret_kind_of(plain) if is_escaped else None)
    if kind:
        return kind
    if named and NAMED.search(plain) and name.start - named[1] < 48:
        return named[0]
    if not NAMING.search(plain):
        return None
    value = _NAME_AS_VALUE.match(scan.text, start)
    value_kind = secret_kind_of(value[1]) if value else None
    if value and value_kind:
        scan.named = (value_kind, value.end())
    return None


def _is_place(text: str, sign: str, name: _Name) -> bool:
    """Whether what stands around a name and its separator makes them a pair."""
    # `arn:aws:secretsmanager:…:secret:name` names a secret without revealing it. `//token:…@host` is for those of URLs.
    if sign == ":":
        if (name.text == "secret" and at(text, name.start - 1) == ":") or starts_at(text, "://", name.start - 3):
            return False
        before = text[max(0, name.start - 16) : name.start]
        return not (_TOKENS.search(name.text) and _PARSERS_WORD.search(before))
    if sign != ",":
        return True
    return _CALL.search(text[max(0, name.start - 24) : name.start]) is not None


def _element_before(text: str, index: int, floor: int) -> Optional[_Name]:
    """The name of an element of XML, whose tag ends here."""
    tag = _ELEMENT.search(text[max(floor, index - 256) : index])
    return _Name(tag[1], index - len(tag[1]), "") if tag else None


def _name_before(text: str, index: int, floor: int) -> Optional[_Name]:
    """The name before a separator, if there is one: bare, in quotes, or in quotes and brackets (`os.environ["NAME"]`)."""
    end = index
    while end > floor and end > index - 4 and is_blank(text[end - 1]):
        end -= 1
    if at(text, end - 1) == "]" and is_quote(at(text, end - 2)):
        end -= 1
    quote_end = end
    if end > floor and is_quote(text[end - 1]):
        end -= 1
        while end > floor and end > quote_end - 64 and text[end - 1] == "\\":
            end -= 1
    start = end
    while start > floor and start > end - MAX_NAME and is_name_letter(text, start - 1):
        start -= 1
    if end - start < 2:
        return None
    # `API key: x` is two words; no other secret's name needs the word before its last.
    if end - start < 5 and is_blank(at(text, start - 1)):
        first = start - 1
        while first > floor and first > start - 16 and is_name_letter(text, first - 1):
            first -= 1
        if _KEYS.search(text[start:end]) and secret_kind_of(text[first:end]):
            start = first
    return _Name(text[start:end], start, text[end:quote_end])


def _is_digit(letter: str) -> bool:
    return letter != "" and "0" <= letter <= "9"
