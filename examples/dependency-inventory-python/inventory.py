"""An inventory of the packages installed under node_modules, as a pipeline that reports its work to Runledger."""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional, Tuple

import runledger
from checks import checks_of
from packages import (
    Manifest,
    Measure,
    Package,
    UnreadableManifest,
    find_packages,
    lineage_path,
    measure_files,
    read_manifests,
    sources_of,
)
from tables import InventoryTables

STEPS = ("read-manifests", "measure-files", "validate", "join", "aggregate", "write-parquet")
TRIES = 2
PAUSE_S = 0.1


@dataclass(frozen=True)
class Setup:
    root: Path
    out: Path
    breaks: bool


def take_inventory(run: runledger.Run, setup: Setup) -> int:
    """The steps of the pipeline. Two read at the same time, the others follow one another. Returns the packages found."""
    damaged = damaged_copy_of(find_packages(setup.root), setup.out) if setup.breaks else None
    begun = 2
    try:
        with ThreadPoolExecutor(2) as both:
            reading = both.submit(read, run, setup.root, damaged)
            measuring = both.submit(measure, run, setup.root)
        manifests, measures = reading.result(), measuring.result()
        begun = 3
        validate(run, manifests)
        tables = InventoryTables()
        begun = 4
        with run.step("join") as step:
            rows = tables.join(manifests, measures)
            step.records(in_=len(manifests) + len(measures), out=rows)
        begun = 5
        with run.step("aggregate") as step:
            licences = tables.aggregate()
            step.records(in_=rows, out=licences)
        begun = 6
        write(run, tables, setup)
    except Exception:
        for name in STEPS[begun:]:
            run.skip_step(name, "a step before it failed")
        raise
    files, size = sum(one.files for one in measures), sum(one.bytes for one in measures)
    run.source("node_modules", type="directory", size_bytes=size, records=files)
    run.records(in_=files, out=rows)
    run.bytes(in_=size)
    run.metrics(packages=rows, licences=licences)
    return rows


def read(run: runledger.Run, root: Path, damaged: Optional[Tuple[str, Path]]) -> List[Manifest]:
    """Tries once more when the error is retryable. The client counts the tries of a step by itself."""
    while True:
        try:
            with run.step("read-manifests", step_index=1) as step:
                packages = find_packages(root)
                manifests = read_manifests(packages, damaged, is_last_try=step.attempt >= TRIES)
                size = sum(one.manifest_bytes for one in manifests)
                step.records(in_=len(packages), out=len(manifests))
                step.bytes(in_=size)
                step.source("node_modules", type="directory", size_bytes=size, records=len(packages))
                return manifests
        except UnreadableManifest as error:
            if not error.retryable:
                raise
            time.sleep(PAUSE_S)


def measure(run: runledger.Run, root: Path) -> List[Measure]:
    with run.step("measure-files", step_index=2) as step:
        measures = measure_files(find_packages(root))
        step.records(in_=sum(one.files for one in measures), out=len(measures))
        step.bytes(in_=sum(one.bytes for one in measures))
        for path, (files, size) in sources_of(measures).items():
            step.source(path, type="directory", size_bytes=size, records=files)
        return measures


def validate(run: runledger.Run, manifests: List[Manifest]) -> None:
    with run.step("validate") as step:
        for check in checks_of(manifests):
            success = check.records_failed == 0
            step.quality(
                check.name,
                success,
                dataset="manifests",
                severity=check.severity,
                expected=check.expected,
                actual="so it is" if success else f"{check.records_failed} of {check.records_checked} differ",
                records_checked=check.records_checked,
                records_failed=check.records_failed,
            )
            if not success:
                step.metric(f"{check.name}_failed", check.records_failed)
        step.records(in_=len(manifests), out=len(manifests))


def write(run: runledger.Run, tables: InventoryTables, setup: Setup) -> None:
    with run.step("write-parquet") as step:
        written = tables.write(setup.out)
        records, size = sum(one.records for one in written), sum(one.size_bytes for one in written)
        step.records(in_=records, out=records)
        step.bytes(out=size)
        run.bytes(out=size)
        for one in written:
            for work in (step, run):
                path = lineage_path(setup.root, one.file)
                work.target(path, type="parquet", size_bytes=one.size_bytes, records=one.records)


def damaged_copy_of(packages: List[Package], out: Path) -> Optional[Tuple[str, Path]]:
    """Copies the first manifest and leaves out its end, as a full disk or a killed installer would."""
    if not packages:
        return None
    content = (packages[0].folder / "package.json").read_bytes()
    copy = out / "damaged-package.json"
    out.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(content[: len(content) // 2])
    return packages[0].path, copy


def main() -> int:
    """The exit code: 0 done, 1 the pipeline failed, 2 wrong usage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(), help="the folder that has node_modules")
    parser.add_argument("--out", type=Path, default=Path(".runledger-example"), help="where the Parquet files go")
    parser.add_argument("--run-id", help="the run's id")
    parser.add_argument("--environment", help="the run's environment")
    parser.add_argument("--break", dest="breaks", action="store_true", help="damage a copy of one manifest")
    given = parser.parse_args()
    setup = Setup(given.root.resolve(), given.out.resolve(), given.breaks)
    runledger.configure(producer={"name": "dependency-inventory", "version": "1.0.0"})
    try:
        with runledger.run(
            "dependency-inventory",
            process_type="assembler",
            run_id=given.run_id,
            environment=given.environment,
            run_mode="manual",
            owner="examples",
            params={"root": setup.root, "out": setup.out, "break": setup.breaks},
            sla=60_000,
        ) as run:
            print(f"{take_inventory(run, setup)} packages")
            return 0
    except Exception as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
