"""The tables of one inventory, in DuckDB. Each method returns the number of rows it made."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path
from typing import List, NamedTuple

import duckdb
from packages import Manifest, Measure


class WrittenFile(NamedTuple):
    file: Path
    size_bytes: int
    records: int


class InventoryTables:
    def __init__(self) -> None:
        self._database = duckdb.connect(":memory:")

    def join(self, manifests: List[Manifest], measures: List[Measure]) -> int:
        self._database.execute(
            "create table manifests (path varchar, name varchar, version varchar, licence varchar, dependencies bigint, "
            "manifest_bytes bigint)"
        )
        self._database.execute("create table measures (path varchar, files bigint, bytes bigint)")
        self._database.executemany("insert into manifests values (?, ?, ?, ?, ?, ?)", [astuple(one) for one in manifests])
        self._database.executemany("insert into measures values (?, ?, ?)", [astuple(one) for one in measures])
        self._database.execute(
            "create table inventory as select path, name, version, licence, dependencies, coalesce(files, 0) as files, "
            "coalesce(bytes, 0) as bytes from manifests left join measures using (path)"
        )
        return self._count("inventory")

    def aggregate(self) -> int:
        self._database.execute(
            "create table by_licence as select coalesce(licence, 'unknown') as licence, count(*) as packages, "
            "sum(files)::bigint as files, sum(bytes)::bigint as bytes from inventory group by 1"
        )
        return self._count("by_licence")

    def write(self, folder: Path) -> List[WrittenFile]:
        folder.mkdir(parents=True, exist_ok=True)
        return [
            self._write("inventory", "path", folder / "inventory.parquet"),
            self._write("by_licence", "bytes desc, licence", folder / "by-licence.parquet"),
        ]

    def _write(self, table: str, order: str, file: Path) -> WrittenFile:
        """A reader never sees half a file."""
        part = file.with_name(f"{file.name}.part")
        literal = str(part).replace("'", "''")
        self._database.execute(f"copy (from {table} order by {order}) to '{literal}' (format parquet, compression zstd)")
        part.replace(file)
        return WrittenFile(file, file.stat().st_size, self._count(table))

    def _count(self, table: str) -> int:
        row = self._database.execute(f"select count(*) from {table}").fetchone()
        return int(row[0]) if row else 0
