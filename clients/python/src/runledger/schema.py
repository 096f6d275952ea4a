"""The schema of what was read or written: the names and types of its fields."""

from __future__ import annotations

from itertools import islice
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from .wire_value import Complain, attempt, read_text, unexpected

#: The ledger reads so many fields of one dataset.
MAX_FIELDS = 5_000

EXPECTED = "a map of names and types, a list of pairs, or a schema or frame of pandas, polars, pyarrow or Spark"


def read_schema(value: Any, name: str, complain: Complain) -> Optional[List[Dict[str, str]]]:
    """The fields in their order; what cannot be read of them is left out."""
    if value is None:
        return None
    if isinstance(value, (str, bytes)):
        complain(unexpected(name, EXPECTED, value))
        return None
    fields: List[Dict[str, str]] = []
    for each in islice(_fields_of(value), MAX_FIELDS + 1):
        if len(fields) == MAX_FIELDS:
            complain(ValueError(f"`{name}`: expected at most {MAX_FIELDS} fields, got more; the rest is left out"))
            break
        told = attempt(lambda: _name_and_type(each), complain)  # noqa: B023
        text = told and read_text(told[0], name, complain)
        if not told or not text:
            complain(unexpected(name, "a name and a type", each))
            continue
        fields.append({"name": text} if told[1] is None else {"name": text, "type": str(told[1])})
    return fields or None


def _fields_of(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.items()
    # In pandas every column is an attribute as well, and one may be called `schema`.
    if type(value).__module__.startswith("pandas."):
        value = value.dtypes if type(value).__name__ == "DataFrame" else value
        of_pandas: Iterable[Any] = value.items()
        return of_pandas
    # A frame of Spark, polars or pyarrow has a schema; a schema of Spark has fields.
    for of_frame in ("schema", "fields"):
        within = getattr(value, of_frame, None)
        if within is not None and not callable(within):
            return _fields_of(within)
    fields: Iterable[Any] = iter(value)
    return fields


def _name_and_type(field: Any) -> Tuple[Any, Any]:
    if isinstance(field, str):
        return field, None
    if isinstance(field, Mapping):
        return field.get("name"), field.get("type")
    if isinstance(field, (tuple, list)):
        name, kind = field
        return name, kind
    of_spark = getattr(field, "dataType", None)
    return field.name, field.type if of_spark is None else of_spark.simpleString()
