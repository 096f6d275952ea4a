"""Reads an archive back: a step of the run that the shell script is."""

from __future__ import annotations

import sys
import tarfile
from pathlib import Path

import runledger

with runledger.step("check") as step:
    archive = Path(sys.argv[1])
    with tarfile.open(archive) as packed:
        files = [member for member in packed if member.isfile()]
    step.records(in_=len(files), out=len(files))
    step.bytes(in_=sum(file.size for file in files), out=archive.stat().st_size)
    step.target(str(archive), type="tar", records=len(files), size_bytes=archive.stat().st_size)
