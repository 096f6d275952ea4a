"""What could not be sent, kept in files until it can be. Many processes may share a folder; a crash at any moment loses
no line that was written whole."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from dataclasses import dataclass
from typing import Callable, Iterator, List, NamedTuple, Optional, Sequence, Tuple

#: When it was written, who wrote it, how many events and bytes it has: nobody needs to open it to know.
_FILE = re.compile(r"(\d{13})-([0-9a-f]{16})-(\d+)-(\d+)\.ndjson")
_SENDING = re.compile(r"(.+\.ndjson)\.sending-[0-9a-f]{16}")
_HALF_WRITTEN = re.compile(r"\.(.+\.ndjson)\.tmp")
#: A file that a process has been sending or writing for so long was left behind by one that died.
_ABANDONED_S = 900
#: The limits are looked at once a minute, and each time that so large a part of the bytes was written: by so much they
#: may be exceeded.
_CHECK_S = 60
_CHECKS = 64


@dataclass(frozen=True)
class SpoolLimits:
    bytes: int = 256 * 1024 * 1024
    age_s: float = 7 * 86_400


class Claimed(NamedTuple):
    """Files that this process alone is sending: what they are called meanwhile, and were called."""

    files: List[Tuple[str, str]]
    lines: List[bytes]


class Spool:
    def __init__(
        self,
        folder: str,
        destination: str,
        limits: Optional[SpoolLimits] = None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        """`folder`: of all destinations; what waits for one is never sent to another."""
        slug = re.sub(r"[^A-Za-z0-9]+", "-", destination).strip("-")[:40]
        digest = hashlib.sha256(destination.encode("utf-8", "replace")).hexdigest()[:12]
        self.folder = os.path.join(folder, f"{slug}-{digest}")
        self._limits = limits or SpoolLimits()
        self._now_s = now_s
        #: What was written since the limits were last looked at, and when that was.
        self._unchecked_bytes = 0
        self._checked_s: Optional[float] = None
        #: Names not tried yet, the oldest last: after days without a ledger, listing them for each would take hours.
        self._listed: List[str] = []

    def write(self, lines: Sequence[bytes]) -> int:
        """Returns how many older lines were deleted to stay within the limits. Raises an OSError when nothing could be
        written."""
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        size = sum(map(len, lines))
        # Not by process id: containers that share a folder may have the same.
        name = f"{int(self._now_s() * 1000):013d}-{_token()}-{len(lines)}-{size}.ndjson"
        half_written = os.path.join(self.folder, f".{name}.tmp")
        try:
            with open(os.open(half_written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            os.rename(half_written, os.path.join(self.folder, name))
        except OSError:
            _remove(half_written)
            raise
        self._unchecked_bytes += size
        return self._expire() if self._is_to_be_checked() else 0

    def claim(self, max_bytes: int = 0) -> Optional[Claimed]:
        """The oldest file that no other process is sending, and those after it that together have at most `max_bytes`."""
        claimed = Claimed([], [])
        size = 0
        for name in self._oldest_first():
            size += _size_in(name)
            if claimed.files and size > max_bytes:
                self._listed.append(name)
                break
            found = self._claim(name)
            if found is not None:
                claimed.files.append(found[0])
                claimed.lines.extend(found[1])
        return claimed if claimed.files else None

    def sent(self, claimed: Claimed) -> None:
        for path, _ in claimed.files:
            _remove(path)

    def give_back(self, claimed: Claimed) -> None:
        for path, name in claimed.files:
            try:
                os.rename(path, os.path.join(self.folder, name))
            except OSError:
                # It becomes free by itself after a while.
                continue
        self._listed = []

    def waiting(self) -> Tuple[int, int]:
        """How many files there are, and how many events are in them."""
        named = [found for found in map(_FILE.fullmatch, map(_name_in, self._waiting())) if found]
        return len(named), sum(int(found[3]) for found in named)

    def _oldest_first(self) -> Iterator[str]:
        """Of the last list, and when that is empty of a new one."""
        is_new = not self._listed
        if is_new:
            self._listed = sorted(self._waiting(), reverse=True)
        while self._listed:
            yield self._listed.pop()
        if not is_new:
            yield from self._oldest_first()

    def _claim(self, name: str) -> Optional[Tuple[Tuple[str, str], List[bytes]]]:
        """None: another process was faster, or the file has no whole line."""
        path = os.path.join(self.folder, f"{_name_in(name)}.sending-{_token()}")
        try:
            os.rename(os.path.join(self.folder, name), path)
            os.utime(path)
            with open(path, "rb") as file:
                content = file.read()
        except OSError:
            return None
        # A half-written file ends within a line.
        whole = content[: content.rfind(b"\n") + 1]
        if whole:
            return (path, _name_in(name)), whole.splitlines(keepends=True)
        _remove(path)
        return None

    def _is_to_be_checked(self) -> bool:
        """A list of all files costs the more the longer the ledger is away: not with every write."""
        since_s = None if self._checked_s is None else abs(self._now_s() - self._checked_s)
        return since_s is None or since_s >= _CHECK_S or self._unchecked_bytes >= self._limits.bytes // _CHECKS

    def _waiting(self) -> Iterator[str]:
        abandoned_before = self._now_s() - _ABANDONED_S
        for name in _names(self.folder):
            if _FILE.fullmatch(name):
                yield name
            elif _SENDING.fullmatch(name) or _HALF_WRITTEN.fullmatch(name):
                written_s = _written_s(os.path.join(self.folder, name))
                if written_s is not None and written_s < abandoned_before:
                    yield name

    def _expire(self) -> int:
        """Deletes what is too old, then the oldest until the rest is within the limit."""
        self._unchecked_bytes, self._checked_s = 0, self._now_s()
        named = [found for found in map(_FILE.fullmatch, _names(self.folder)) if found]
        files = sorted((found[0], int(found[1]) / 1000, int(found[3]), int(found[4])) for found in named)
        total = sum(size for *_, size in files)
        deleted = 0
        for name, written_s, count, size in files[:-1]:
            if total <= self._limits.bytes and written_s >= self._now_s() - self._limits.age_s:
                break
            total -= size
            if _remove(os.path.join(self.folder, name)):
                deleted += count
        return deleted


def default_folder() -> str:
    """Where state belongs that no user looks at; the temporary folder where there is no home."""
    state = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    folder = os.path.join(state, "runledger", "spool")
    nearest = folder
    while nearest and not os.path.exists(nearest):
        parent = os.path.dirname(nearest)
        if parent == nearest:
            break
        nearest = parent
    if os.path.isabs(folder) and os.access(nearest, os.W_OK | os.X_OK):
        return folder
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return os.path.join(tempfile.gettempdir(), f"runledger-spool-{user}")


def _name_in(name: str) -> str:
    """The name that a file had when it was written."""
    for pattern in (_SENDING, _HALF_WRITTEN):
        found = pattern.fullmatch(name)
        if found:
            return found[1]
    return name


def _size_in(name: str) -> int:
    found = _FILE.fullmatch(_name_in(name))
    return int(found[4]) if found else 0


def _token() -> str:
    return os.urandom(8).hex()


def _names(folder: str) -> List[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _written_s(path: str) -> Optional[float]:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return None


def _remove(path: str) -> bool:
    try:
        os.remove(path)
    except OSError:
        return False
    return True
