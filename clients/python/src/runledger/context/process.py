"""The process itself: who runs it, from which commit, and whether cron started it."""

from __future__ import annotations

import getpass
import os
import re
import sys
from typing import Any, Dict, Optional

_SHA_VARIABLES = ("GIT_SHA", "GIT_COMMIT", "GITHUB_SHA", "CI_COMMIT_SHA", "BITBUCKET_COMMIT", "SOURCE_VERSION")
_CRON = ("cron", "crond", "anacron", "CRON")


def found() -> Dict[str, Any]:
    return {
        "user": _user(),
        "notebook_git_sha": git_sha(_folder_of_the_program()),
        "tags": {"platform": "cron"} if _is_of_cron() else None,
    }


def _user() -> Optional[str]:
    try:
        return getpass.getuser()
    except Exception:
        # A container's user may have no name.
        return None


def _folder_of_the_program() -> str:
    program = getattr(sys.modules.get("__main__"), "__file__", None)
    return os.path.dirname(os.path.abspath(program)) if program else os.getcwd()


def git_sha(folder: str) -> Optional[str]:
    """Read from files: no command is run."""
    for name in _SHA_VARIABLES:
        if re.fullmatch(r"[0-9a-f]{7,64}", os.environ.get(name, "")):
            return os.environ[name]
    while True:
        git = os.path.join(folder, ".git")
        if os.path.exists(git):
            return _head_of(git)
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _head_of(git: str) -> Optional[str]:
    try:
        if os.path.isfile(git):
            # A worktree names its folder.
            git = os.path.join(os.path.dirname(git), _read(git).partition("gitdir:")[2].strip())
        head = _read(os.path.join(git, "HEAD")).strip()
        if not head.startswith("ref:"):
            return head or None
        ref = head[4:].strip()
        common_file = os.path.join(git, "commondir")
        common = os.path.join(git, _read(common_file).strip()) if os.path.exists(common_file) else git
        for place in (git, common):
            path = os.path.join(place, ref)
            if os.path.isfile(path):
                return _read(path).strip()
        for line in _read(os.path.join(common, "packed-refs")).splitlines():
            if line.endswith(f" {ref}"):
                return line.split(" ")[0]
    except OSError:
        return None
    return None


def _is_of_cron() -> bool:
    """Whether cron is the parent, or the parent of the shell that is."""
    pid = os.getppid()
    for _ in range(2):
        try:
            stat = _read(f"/proc/{pid}/stat")
        except OSError:
            return False
        name = stat[stat.index("(") + 1 : stat.rindex(")")]
        if name in _CRON:
            return True
        pid = int(stat[stat.rindex(")") + 2 :].split(" ")[1])
    return False


def _read(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read(65_536)
