"""Masks JSON text value by value, each decoded before and encoded after, so that no escape hides a secret and the text
still parses. All that is under a secret's name is a secret; a number that is masked becomes a string. What is not changed
stays as it was written."""

from __future__ import annotations

import json
import re
from typing import Any, Callable, List, Optional, Tuple, Union

from ..wire_json import quoted
from .letters import SPACE, ported
from .names import SecretKind, kind_under, mark_of, named_in, secret_kind_of

_START = ported(r"""^\s{0,64}(?:\{\s{0,64}"|\[\s{0,64}["[{])""")
#: Texts, with the colon behind a key; numbers; and the signs of structure.
_TOKEN = re.compile(rf'"[^"\\]*(?:\\.[^"\\]*)*"([{SPACE}]*:)?|-?\d[\d.eE+-]*|[{{}}[\],]', re.DOTALL | re.ASCII)


def looks_like_json(text: str) -> bool:
    """Whether a text begins as a JSON object, or an array of texts or of those. `[email] …` does not."""
    return text != "" and (text[0] in "{[" or text[0] <= " ") and _START.search(text) is not None


class _Level:
    """An object or a list that is being read."""

    def __init__(self, value: Any, under: Optional[SecretKind], key: Union[str, int]) -> None:
        #: As parsed. Of two values under one key it has the last.
        self.value = value
        self.under = under
        #: The key or the index of the value that comes next.
        self.key = key
        #: What the object names its `value`: looked up once.
        self._named: Optional[Tuple[Optional[SecretKind]]] = None

    def kind(self) -> Optional[SecretKind]:
        return kind_under(str(self.key), self.under, self._kind_named)

    def inner(self) -> Any:
        try:
            return self.value[self.key]
        except (TypeError, KeyError, IndexError):
            return None

    def _kind_named(self) -> Optional[SecretKind]:
        if self._named is None:
            self._named = (named_in(self.value) if isinstance(self.value, dict) else None,)
        return self._named[0]


def mask_json(text: str, mask: Callable[[str], str]) -> Optional[str]:
    """None: the text is not JSON."""
    try:
        whole = json.loads(text, parse_constant=_refuse, parse_int=_number, parse_float=_number)
    except (ValueError, RecursionError):
        return None
    masked: List[str] = []
    done = 0
    flag: Optional[SecretKind] = None
    outer: List[_Level] = []
    level = _Level([whole], None, 0)
    for found in _TOKEN.finditer(text):
        match, colon = found[0], found[1] or ""
        if match in ("{", "["):
            outer.append(level)
            level = _Level(level.inner(), level.kind(), 0)
        elif match in ("}", "]"):
            level = outer.pop() if outer else level
            flag = None
        elif match == ",":
            if isinstance(level.key, int):
                level.key += 1
        else:
            literal = match[: len(match) - len(colon)]
            value = _decoded(literal) if literal.startswith('"') else literal
            kind = (flag or level.kind()) if colon == "" else None
            changed = (mark_of(kind, value) if kind else None) or mask(value)
            if changed != value:
                masked.append(text[done : found.start()] + quoted(changed))
                done = found.start() + len(literal)
            if colon != "":
                level.key = value
            # The value of a flag in an argument list is the text behind it, in the same list; a key is none.
            is_flag = isinstance(level.key, int) and value.startswith("--")
            flag = secret_kind_of(value[2:]) if is_flag else None
    return text if done == 0 else "".join(masked) + text[done:]


def _decoded(literal: str) -> str:
    return str(json.loads(literal)) if "\\" in literal else literal[1:-1]


def _number(literal: str) -> int:
    """What a number is does not matter; Python would refuse one of many digits."""
    return 0


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
