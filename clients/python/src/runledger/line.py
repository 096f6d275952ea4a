"""One event as it is sent: masked JSON in UTF-8 with its line end, cut to fit a record."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple, Union

from .event import Columns
from .mask import SecretKind, is_email, kind_under, mark_of, mask, named_in
from .utf16 import head, length, well_formed
from .wire_json import number_text, to_json

#: The most a record of Amazon Data Firehose may hold, and so the most a line may, with its line end: 1,000 KiB.
MAX_RECORD_BYTES = 1_024_000

#: Names are keys: masking or cutting one would join or part what is not. The rest of these the client made itself.
_KEPT_AS_GIVEN = frozenset(
    "event_id run_id parent_run_id root_run_id process_name step_name environment owner event_type status created_at "
    "start_time end_time schema_version producer".split()
)
_MAX_NAME = 1_024
_MAX_DEPTH = 16
_CUT_MARK = "…[cut]"
_CUT_MARK_BYTES = len(_CUT_MARK.encode())
#: What no text is cut below, and how many are cut: beyond that there are too many texts rather than too long ones.
_MIN_KEPT = 256
_MAX_CUTS = 16
#: What only describes, most voluminous first: dropped whole when cutting texts is not enough.
_DISPENSABLE = ("params", "metrics", "tags", "quality", "input_sources", "output_targets", "cluster", "sla")


def line_of(event: Columns) -> bytes:
    fields = _masked(event)
    line = _encode(fields)
    cuts = 0
    while len(line) > MAX_RECORD_BYTES:
        is_cut = cuts < _MAX_CUTS and _cut_largest(fields, len(line) - MAX_RECORD_BYTES)
        if not is_cut and not _drop_largest(fields):
            break
        line = _encode(fields)
        cuts += 1
    return line


def _encode(fields: Columns) -> bytes:
    return f"{to_json(fields)}\n".encode()


def _masked(event: Columns) -> Columns:
    copy: Columns = {}
    for name, value in event.items():
        if value is None:
            continue
        if name == "user" and isinstance(value, str):
            copy[name] = _user_of(value)
        elif name in _KEPT_AS_GIVEN:
            copy[name] = well_formed(head(value, _MAX_NAME)) if isinstance(value, str) else _dense(value)
        else:
            kind = kind_under(name, None, lambda: named_in(event))
            copy[name] = _masked_value(value, 1, kind, name == "metrics")
    return copy


def _masked_value(value: Any, depth: int, under: Optional[SecretKind] = None, measured: bool = False) -> Any:
    """All that is under a secret's name is a secret. What is `measured` is none, whatever its name is."""
    if isinstance(value, str):
        text = _bounded(value)
        return (mark_of(under, text) if under else None) or mask(text)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (mark_of(under, number_text(value)) if under else None) or value
    if not isinstance(value, (dict, list, tuple)):
        return value
    if depth > _MAX_DEPTH:
        return "[nested too deep]"
    if isinstance(value, (list, tuple)):
        return [_masked_value(each, depth + 1, under) for each in value]
    copy: Columns = {}
    for key, one in value.items():
        if one is None:
            continue
        is_measure = measured and isinstance(one, (int, float))
        kind = None if is_measure else kind_under(key, under, lambda: named_in(value))
        copy[mask(_bounded(key))] = _masked_value(one, depth + 1, kind)
    return copy


def _dense(value: Any) -> Any:
    """Without what is None: JavaScript leaves out what is undefined."""
    return {key: one for key, one in value.items() if one is not None} if isinstance(value, dict) else value


def _user_of(user: str) -> str:
    """A person's e-mail address does not leave the host: only the ledger has the salt that makes a hash of it safe."""
    return "[email]" if is_email(user.strip()) else mask(_bounded(user))


def _bounded(text: str) -> str:
    """No text can stay longer than a record. It ends between words, so that no secret is halved and escapes the mask."""
    if len(text) * 2 > MAX_RECORD_BYTES and length(text) > MAX_RECORD_BYTES:
        kept = head(text, MAX_RECORD_BYTES + 1)
        end = kept.rfind(" ")
        text = (kept[:end] if end > 0 else head(text, MAX_RECORD_BYTES)) + _CUT_MARK
    return well_formed(text)


def _cut_largest(fields: Columns, excess_bytes: int) -> bool:
    """Makes the event smaller by `excess_bytes`, if one free text is large enough for that, or by nearly all of it."""
    found = _largest_text(fields, [name for name in fields if name not in _KEPT_AS_GIVEN])
    if found is None:
        return False
    holder, key, text = found
    units = length(text)
    # A unit is at least one byte, so cutting that many units cuts at least that many bytes.
    kept = max(_MIN_KEPT, units - excess_bytes - _CUT_MARK_BYTES)
    if kept >= units - _CUT_MARK_BYTES:
        return False
    holder[key] = f"{well_formed(head(text, kept))}{_CUT_MARK}"
    return True


def _drop_largest(fields: Columns) -> bool:
    name = next((each for each in _DISPENSABLE if each in fields), None)
    if name is not None:
        del fields[name]
    return name is not None


_Holder = Union[Dict[str, Any], List[Any]]


def _largest_text(holder: Any, keys: Any = None) -> Optional[Tuple[Any, Any, str]]:
    largest: Optional[Tuple[Any, Any, str]] = None
    if keys is None:
        keys = holder.keys() if isinstance(holder, dict) else range(len(holder))
    for key in keys:
        value = holder[key]
        candidate: Optional[Tuple[Any, Any, str]] = None
        if isinstance(value, str):
            candidate = (holder, key, value)
        elif isinstance(value, (dict, list)):
            candidate = _largest_text(value)
        if candidate and length(candidate[2]) > (length(largest[2]) if largest else 0):
            largest = candidate
    return largest
