"""Masks tokens that name themselves by their form, anywhere in a text."""

from __future__ import annotations

import re
from typing import Dict, List, NamedTuple, Optional, Tuple

from .letters import at
from .tokens import ALPHABETS, INNER_FORMS, TOKEN_FORMS, InnerForm

_DIGITS = "0123456789"
_GROUPS = {
    "0-9": _DIGITS,
    "a-f": "abcdef",
    "A-F": "ABCDEF",
    "g-z": "ghijklmnopqrstuvwxyz",
    "G-Z": "GHIJKLMNOPQRSTUVWXYZ",
    "_-": "_-",
    ".~": ".~",
    "=": "=",
    "+/": "+/",
    "%:": "%:",
}
_LETTERS = {name: "".join(_GROUPS[group] for group in groups.split(" ")) for name, groups in ALPHABETS.items()}
_RUNS = {name: re.compile(f"[{re.escape(letters)}]*") for name, letters in _LETTERS.items()}
_SETS = {name: frozenset(letters) for name, letters in _LETTERS.items()}
_ALNUM = _SETS["alnum"]
_BEYOND_HEX = frozenset("ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ")
_UPPER = _SETS["upper"]

#: Rows of letters that may be a token.
_ROWS = re.compile(f"[{re.escape(_LETTERS['dotted'])}]{{16,}}")
_LONGEST_WORD = 32


class _Start(NamedTuple):
    start: str
    of: str
    least: int
    most: Optional[int]
    has: Optional[str]
    mark: str


def _starts() -> Dict[str, List[_Start]]:
    """By their first three letters; a beginning of two is listed under each third one."""
    starts: Dict[str, List[_Start]] = {}
    for form in TOKEN_FORMS:
        for start in str(form["starts"]).lower().split(" "):
            thirds = [""] if len(start) > 2 else list("abcdefghijklmnopqrstuvwxyz" + _DIGITS)
            one = _Start(
                start, form["of"], form["least"], form.get("most"), form.get("has"), form.get("mark", "[token]")
            )
            for third in thirds:
                starts.setdefault((start + third)[:3], []).append(one)
    return starts


_BY_START = _starts()
#: Where a token may begin: no letter or digit stands before, or one that an escape ends with, as in `\nAKIA…`.
_PLACES = re.compile(
    r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))(?:" + "|".join(sorted(re.escape(start) for start in _BY_START)) + ")",
    re.IGNORECASE | re.ASCII,
)


def has_long_word(text: str) -> bool:
    """Whether so many letters stand in a row that there may be a token, and such as neither plain words have nor UUIDs,
    hashes and dates: most texts have no such row."""
    if len(text) < 16:
        return False
    for row in _ROWS.finditer(text):
        letters = set(row[0])
        if letters & _BEYOND_HEX and (letters & _UPPER or len(row[0]) > _LONGEST_WORD):
            return True
    return False


def mask_tokens(text: str) -> str:
    masked: List[str] = []
    done = 0
    place = _PLACES.search(text)
    runs: Dict[str, Tuple[int, int]] = {}
    while place is not None:
        found = _token_at(text, place.start(), runs)
        if found:
            masked.append(text[done : place.start()] + found[1])
            done = found[0]
        place = _PLACES.search(text, max(done, place.start() + 1))
    rest = text if done == 0 else "".join(masked) + text[done:]
    for form in INNER_FORMS:
        if form["within"] in rest:
            rest = _mask_within(rest, form)
    return rest


def _token_at(text: str, index: int, runs: Dict[str, Tuple[int, int]]) -> Optional[Tuple[int, str]]:
    for form in _BY_START.get(text[index : index + 3].lower(), ()):
        start = index + len(form.start)
        if text[index:start].lower() != form.start:
            continue
        end = _run_end(text, start, form.of, runs)
        # A full stop after a token ends a sentence.
        while end > start and text[end - 1] == ".":
            end -= 1
        if end - start < form.least:
            continue
        if form.most is not None and (end - start > form.most or at(text, end) in _ALNUM):
            continue
        if form.has is None or 0 <= text.find(form.has, start, end) < end - len(form.has):
            return end, form.mark
    return None


def _run_end(text: str, start: int, alphabet: str, runs: Dict[str, Tuple[int, int]]) -> int:
    """No letter is read more than once for an alphabet."""
    run = runs.get(alphabet)
    if run and run[0] <= start < run[1]:
        return run[1]
    found = _RUNS[alphabet].match(text, start)
    end = found.end() if found else start
    runs[alphabet] = (start, end)
    return end


def _mask_within(text: str, form: InnerForm) -> str:
    """Masks the tokens that are known by a part within them."""
    letters = _SETS[form["of"]]
    least, most = form["before"]
    masked: List[str] = []
    done = 0
    within = form["within"]
    place = text.find(within)
    while place != -1:
        start = place
        while start > done and place - start <= most and text[start - 1] in letters:
            start -= 1
        if least <= place - start <= most:
            found = _RUNS[form["of"]].match(text, place + len(within))
            end = found.end() if found else place + len(within)
            if end - start >= form["least"]:
                masked.append(f"{text[done:start]}[token]")
                done = end
        place = text.find(within, max(done, place + len(within)))
    return text if done == 0 else "".join(masked) + text[done:]
