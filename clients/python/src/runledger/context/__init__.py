"""What a run can find out by itself about where it runs. Best effort: nothing here raises, imports a package that the
host has not imported, or waits for a network for longer than half a second."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Tuple

from . import aws, databricks, orchestrators, process, spark

Found = Dict[str, Any]

#: The most exact last: what a platform says of a run counts more than what its machine says.
_FINDERS: Tuple[Callable[[], Found], ...] = (
    process.found,
    aws.found,
    spark.found,
    databricks.found,
    orchestrators.found,
)


def with_context(given: Mapping[str, Any]) -> Dict[str, Any]:
    """The options of a run, with what was found for those that are not given."""
    found: Found = {}
    for find in _FINDERS:
        try:
            found = _joined(found, find())
        except Exception:
            # One that does not know its platform's newest ways must not cost what the others found.
            continue
    return _joined(found, {name: value for name, value in given.items() if value is not None})


def _joined(found: Found, more: Mapping[str, Any]) -> Found:
    """Maps are joined by key; of two other values the second counts."""
    joined = dict(found)
    for name, value in more.items():
        before = joined.get(name)
        is_map = isinstance(before, Mapping) and isinstance(value, Mapping)
        if value is not None:
            joined[name] = {**before, **value} if is_map else value  # type: ignore[dict-item]
    return joined

