"""The schema of what was read or written."""

from __future__ import annotations

from typing import Any, List

import pandas
import pytest

from runledger.schema import MAX_FIELDS, read_schema


def told(value: Any) -> Any:
    complaints: List[BaseException] = []
    return read_schema(value, "schema", complaints.append), [str(one) for one in complaints]


class DataType:
    def __init__(self, word: str) -> None:
        self.word = word

    def simpleString(self) -> str:  # noqa: N802
        return self.word


class StructField:
    """As Spark has it."""

    def __init__(self, name: str, word: str) -> None:
        self.name = name
        self.dataType = DataType(word)


class StructType:
    def __init__(self, *fields: StructField) -> None:
        self.fields = list(fields)


class SparkFrame:
    def __init__(self, *fields: StructField) -> None:
        self.schema = StructType(*fields)


ORDERS = [{"name": "id", "type": "bigint"}, {"name": "note", "type": "string"}]


@pytest.mark.parametrize(
    "value",
    [
        {"id": "bigint", "note": "string"},
        [("id", "bigint"), ("note", "string")],
        ORDERS,
        StructType(StructField("id", "bigint"), StructField("note", "string")),
        SparkFrame(StructField("id", "bigint"), StructField("note", "string")),
    ],
    ids=["a map", "pairs", "names and types", "a schema of Spark", "a frame of Spark"],
)
def test_every_way_of_telling_a_schema_is_read(value: Any) -> None:
    assert told(value) == (ORDERS, [])


def test_the_columns_of_pandas_are_read() -> None:
    frame = pandas.DataFrame({"id": [1], "schema": ["x"], "at": pandas.to_datetime(["2026-11-03"])})
    fields, complaints = told(frame)
    assert [one["name"] for one in fields] == ["id", "schema", "at"]
    assert fields[0]["type"] == "int64"
    assert complaints == []


class ArrowField:
    """As pyarrow has it: its type is an object that reads as text."""

    def __init__(self, name: str, type: Any) -> None:  # noqa: A002
        self.name = name
        self.type = type


class ArrowType:
    def __str__(self) -> str:
        return "int64"


def test_fields_with_types_that_read_as_text_are_read() -> None:
    assert told(iter([ArrowField("id", ArrowType())])) == ([{"name": "id", "type": "int64"}], [])


def test_what_is_no_schema_is_a_complaint_and_nothing_more() -> None:
    fields, complaints = told("public")
    assert fields is None
    assert complaints == [
        "`schema`: expected a map of names and types, a list of pairs, or a schema or frame of pandas, polars, pyarrow or "
        'Spark, got "public"'
    ]
    fields, complaints = told([("id", "int"), 7])
    assert fields == [{"name": "id", "type": "int"}]
    assert len(complaints) >= 1


def test_more_fields_than_the_ledger_reads_are_left_out_with_a_complaint() -> None:
    fields, complaints = told({f"c{at}": "int" for at in range(MAX_FIELDS + 1)})
    assert len(fields) == MAX_FIELDS
    assert "at most 5000 fields" in complaints[0]
