"""To a file, which `runledger ingest FILE` reads."""

from __future__ import annotations

import os
from typing import Any, Optional, Sequence

from ..wire_value import unexpected


class FileTransport:
    """Appends events to a file as NDJSON. Many processes may share it: every record is one write."""

    def __init__(self, path: Any) -> None:
        if not isinstance(path, (str, os.PathLike)) or str(path).strip() == "":
            raise unexpected("path", "the path of a file", path)
        self._path = os.path.abspath(os.path.expanduser(os.fspath(path)))

    @property
    def name(self) -> str:
        return f"file:{self._path}"

    def send(self, records: Sequence[bytes], timeout_s: float) -> Optional[int]:
        os.makedirs(os.path.dirname(self._path), exist_ok=True)
        target = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            for record in records:
                rest = memoryview(record)
                while rest:
                    rest = rest[os.write(target, rest) :]
        finally:
            os.close(target)
        return None
