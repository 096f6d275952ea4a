"""The schema of what was read or written."""

from __future__ import annotations

from typing import Any, List

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
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"id": [1], "schema": ["x"], "at": pandas.to_datetime(["2026-11-03"])})
    fields, complaints = told(frame)
    assert [one["name"] for one in fields] == ["id", "schema", "at"]
    assert fields[0]["type"] == "int64"
    assert complaints == []


def test_the_schema_of_pyarrow_is_read() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    schema = pyarrow.schema([("id", pyarrow.int64()), ("note", pyarrow.string())])
    assert told(schema) == ([{"name": "id", "type": "int64"}, {"name": "note", "type": "string"}], [])


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
