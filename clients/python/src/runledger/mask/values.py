"""Where the value of a pair stands in a text. It reads forward only, and its caller goes on after the value, so a whole
text costs no more than its length."""

from __future__ import annotations

import re
from typing import NamedTuple, Optional

from .letters import at, ported


class ValueSpan(NamedTuple):
    """The position of a pair's value in its text, without its quotes."""

    start: int
    end: int
    #: The value has no quotes.
    bare: bool


_NAME_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_END_OF_BARE = ' \t\r\n\f\v\0"\u00a0'
_CLOSERS = ")]}>'`\""
#: What a value with structure may have, in characters.
_MAX_NESTED = 16_384
_ESCAPED_END = re.compile(r"(?:[nrt]|u00(?:0[9ad]|2[267]|3c))", re.IGNORECASE | re.ASCII)
_BLOCK_HEAD = ported(r"[ \t]{0,64}(?:[|>][+-]?\d?[ \t]{0,8})?(\r?\n|(?:\\r)?\\n)")
_BLOCK_LINE = ported(r'([ \t]{0,64})((?:[^\r\n\\"]|\\(?![rn"]))*)')
_INDENT = ported(r"""(?:^|\n|\\n)([ \t]{0,64}(?:- )?)["']?$""")
_PAIR_LINE = ported(r"""^(?:- )?["']?[\w.-]{1,64}["']?\s?:(?:\s|\\n|$)|^at """)
_GOES_ON = re.compile(r"[\w%[{(-]", re.ASCII)


def is_quote(letter: str) -> bool:
    return letter in ('"', "'", "`")


def is_blank(letter: str) -> bool:
    return letter in (" ", "\t")


def is_name_letter(text: str, index: int) -> bool:
    return 0 <= index < len(text) and text[index] in _NAME_LETTERS


def value_at(text: str, start: int, brackets: bool) -> Optional[ValueSpan]:
    """Finds the value that begins at or soon after `start`: in quotes, in quotes that are themselves inside quotes
    (`\\"x\\"`), in brackets where `brackets` allows it, or bare."""
    begin = skip_blanks(text, start)
    escapes = backslashes_at(text, begin)
    first = at(text, begin + escapes)
    if is_quote(first):
        return _quoted(text, begin + escapes + 1, first, escapes)
    # Python's b'x', f'x', r'x' and u'x'.
    if is_quote(at(text, begin + 1)) and first in "bfruBFRU":
        return _quoted(text, begin + 2, at(text, begin + 1), 0)
    if brackets and first in ("{", "["):
        return _bracketed(text, begin) or bare_value(text, begin)
    return bare_value(text, begin)


def skip_blanks(text: str, start: int) -> int:
    index = start
    while index < start + 8 and is_blank(at(text, index)):
        index += 1
    return index


def backslashes_at(text: str, index: int) -> int:
    """How many backslashes stand here. Quotes nested deeper than five times are no longer told apart."""
    end = index
    while end < index + 64 and at(text, end) == "\\":
        end += 1
    return end - index


def bare_value(text: str, start: int) -> Optional[ValueSpan]:
    """A value that ends with nothing but its text: at a blank, a quote, or what begins the next pair."""
    end = start
    opened = False
    while end < len(text):
        letter = text[end]
        if letter in _END_OF_BARE:
            break
        if letter in ",;&" and _is_pair_end(text, end + 1):
            break
        if letter in "(<{[":
            opened = True
        if letter == "\\":
            escapes = backslashes_at(text, end)
            if _is_escaped_end(text, end + escapes, escapes):
                break
            end += escapes - 1
        end += 1
    # What closes around the pair is not part of the value: `connect(user=x, password=y)`.
    if not opened:
        while end > start and text[end - 1] in _CLOSERS:
            end -= 1
    # A bracket alone opens what follows on the next lines.
    return None if end == start or (end == start + 1 and opened) else ValueSpan(start, end, True)


def line_value(text: str, start: int) -> Optional[ValueSpan]:
    """To the end of the line, or to the quotes around it. A cookie header is one value with blanks in it."""
    begin = skip_blanks(text, start)
    end = begin
    while end < len(text) and text[end] not in "\n\r\"'":
        escapes = backslashes_at(text, end)
        if escapes:
            if _is_escaped_end(text, end + escapes, escapes):
                break
            end += escapes - 1
        end += 1
    return None if end == begin else ValueSpan(begin, end, True)


def element_value(text: str, start: int) -> Optional[ValueSpan]:
    """The content of an element of XML, to the next tag."""
    most = min(len(text), start + _MAX_NESTED)
    end = text.find("<", start, most)
    end = most if end == -1 else end
    return None if end <= start else ValueSpan(start, end, False)


def block_value(text: str, name_start: int, start: int) -> Optional[ValueSpan]:
    """The block of YAML below a name that stands alone on its line: all lines further right than the name. A block of
    further pairs is none: they have names of their own."""
    head = _BLOCK_HEAD.match(text, start)
    if head is None:
        return None
    new_line = head[1]
    before = _INDENT.search(text[max(0, name_start - 64) : name_start])
    if before is None:
        return None
    indent = len(before[1])
    begin = last = -1
    end = head.end()
    while end < start + _MAX_NESTED:
        found = _BLOCK_LINE.match(text, end)
        line, spaces, content = (found[0], found[1], found[2]) if found else ("", "", "")
        is_item = len(spaces) == indent and content.startswith("- ")
        if content != "" and len(spaces) <= indent and not is_item:
            break
        if begin == -1 and content != "":
            if _PAIR_LINE.search(content):
                return None
            begin = end + len(spaces)
        end += len(line)
        if content != "":
            last = end
        if line == "" or not text.startswith(new_line, end):
            break
        end += len(new_line)
    return None if begin == -1 else ValueSpan(begin, last, True)


def _quoted(text: str, start: int, quote: str, escapes: int) -> ValueSpan:
    """To the quote that closes. Inside of n levels of quotes it stands behind 2^n - 1 backslashes, and behind as many
    more as the value's own backslashes were doubled to. A quote with fewer closes a string around this one."""
    period = 2 * (escapes + 1)
    index = start
    while index < len(text):
        letter = text[index]
        if letter in "\n\r":
            return ValueSpan(start, index, False)
        if letter == "\\":
            run = backslashes_at(text, index)
            index += run
            if at(text, index) != quote:
                index -= 1
            elif run < escapes:
                return ValueSpan(start, index - run, False)
            elif run % period == escapes:
                return ValueSpan(start, index - escapes, False)
        elif letter == quote:
            # SQL writes a quote inside of quotes twice.
            if escapes > 0 or quote != "'" or index == start or at(text, index + 1) != quote:
                return ValueSpan(start, index, False)
            index += 1
        index += 1
    return ValueSpan(start, len(text), False)


def _bracketed(text: str, start: int) -> Optional[ValueSpan]:
    """A list or a map with its brackets, whatever quotes are in it; of one that was cut, all there is."""
    most = min(len(text), start + _MAX_NESTED)
    depth = 0
    for index in range(start, most):
        letter = text[index]
        if letter in "{[":
            depth += 1
        elif letter in "}]":
            depth -= 1
            if depth == 0:
                return None if _GOES_ON.search(at(text, index + 1)) else ValueSpan(start, index + 1, True)
    return None if text[start + 1 : start + 64].strip() == "" else ValueSpan(start, most, True)


def _is_pair_end(text: str, start: int) -> bool:
    """Whether a `,`, `;` or `&` in front of here ends a value: it does before a blank, a quote, the end, or a next
    name."""
    end = start
    while end < start + 64 and is_name_letter(text, end):
        end += 1
    letter = at(text, end)
    if end > start:
        return letter in ("=", ":")
    return letter == "" or letter in " \t\r\n\"'`\\" or letter in _CLOSERS


def _is_escaped_end(text: str, index: int, escapes: int) -> bool:
    """Inside of JSON text: an escaped quote, line end, tab, `&` or `<` behind these backslashes."""
    return is_quote(at(text, index)) or (escapes % 2 == 1 and _ESCAPED_END.match(text, index, index + 5) is not None)
