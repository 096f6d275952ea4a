"""What is installed under `node_modules`: the packages, their manifests and how much of the disk they take."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple


@dataclass(frozen=True)
class Package:
    #: Where it is, from the root, with slashes: `node_modules/a/node_modules/@b/c`.
    path: str
    folder: Path


@dataclass(frozen=True)
class Manifest:
    path: str
    name: str
    version: Optional[str]
    licence: Optional[str]
    dependencies: int
    manifest_bytes: int


@dataclass(frozen=True)
class Measure:
    """The packages installed inside of it are not included."""

    path: str
    files: int
    bytes: int


class NoPackages(Exception):
    """The client takes `error_code` and `retryable` from an error."""

    error_code = "C301"
    retryable = False


class UnreadableManifest(Exception):
    def __init__(self, path: str, is_last_try: bool) -> None:
        advice = "install the package again" if is_last_try else "it may be being written"
        super().__init__(f"Expected {path}/package.json to be a JSON object, but it is not: {advice}")
        self.error_code = "D201" if is_last_try else "S500"
        self.retryable = not is_last_try


def lineage_path(root: Path, path: Path) -> str:
    """From the root; what lies outside keeps its whole path."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def find_packages(root: Path) -> List[Package]:
    """Scoped ones, those installed inside of others, and pnpm's store. Links are not followed, so each package is found
    once, where it really is."""
    if not (root / "node_modules").is_dir():
        raise NoPackages(
            f"Expected {root} to have a folder node_modules, but it has none: install its packages, or give another --root"
        )
    found = _packages_in(root / "node_modules")
    return sorted((Package(lineage_path(root, folder), folder) for folder in found), key=lambda one: one.path)


def _packages_in(node_modules: Path) -> Iterator[Path]:
    for folder in _folders_in(node_modules):
        if folder.name == ".pnpm":
            for stored in _folders_in(folder):
                yield from _packages_in(stored / "node_modules")
        elif folder.name.startswith("@"):
            yield from _packages_in(folder)
        elif not folder.name.startswith("."):
            manifest = folder / "package.json"
            if manifest.is_file() and not manifest.is_symlink():
                yield folder
            yield from _packages_in(folder / "node_modules")


def _folders_in(folder: Path) -> List[Path]:
    if not folder.is_dir() or folder.is_symlink():
        return []
    return [Path(entry.path) for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]


def read_manifests(packages: List[Package], damaged: Optional[Tuple[str, Path]], is_last_try: bool) -> List[Manifest]:
    """Raises `UnreadableManifest` for the first that is not one. `damaged`: reads this one from another path."""
    manifests = []
    for package in packages:
        file = damaged[1] if damaged and damaged[0] == package.path else package.folder / "package.json"
        manifests.append(_manifest_of(package.path, file.read_bytes(), is_last_try))
    return manifests


def _manifest_of(path: str, content: bytes, is_last_try: bool) -> Manifest:
    try:
        manifest: Dict[str, Any] = json.loads(content.decode("utf-8-sig", "replace"))
        if not isinstance(manifest, dict):
            raise TypeError(f"got a {type(manifest).__name__}")
    except (ValueError, TypeError) as error:
        raise UnreadableManifest(path, is_last_try) from error
    licences = (manifest.get(key) for key in ("license", "licence", "licenses"))
    dependencies = manifest.get("dependencies")
    return Manifest(
        path=path,
        name=_text(manifest.get("name")) or path.rpartition("node_modules/")[2],
        version=_text(manifest.get("version")),
        licence=_licence_of(next((each for each in licences if each is not None), None)),
        dependencies=len(dependencies) if isinstance(dependencies, (dict, list)) else 0,
        manifest_bytes=len(content),
    )


def _text(value: Any) -> Optional[str]:
    return value if isinstance(value, str) and value else None


def _licence_of(value: Any) -> Optional[str]:
    """A name; or `{"type": …}`, or a list of those, as old manifests have it."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, list):
        return " OR ".join(name for name in map(_licence_of, value) if name) or None
    return _licence_of(value.get("type")) if isinstance(value, dict) else None


def measure_files(packages: List[Package]) -> List[Measure]:
    return [Measure(package.path, *_size_of(package.folder, is_package=True)) for package in packages]


def _size_of(folder: Path, is_package: bool) -> Tuple[int, int]:
    files = size = 0
    for entry in os.scandir(folder):
        if entry.is_file(follow_symlinks=False):
            files, size = files + 1, size + entry.stat(follow_symlinks=False).st_size
        elif entry.is_dir(follow_symlinks=False) and not (is_package and entry.name == "node_modules"):
            more_files, more_size = _size_of(Path(entry.path), is_package=False)
            files, size = files + more_files, size + more_size
    return files, size


def sources_of(measures: List[Measure]) -> Dict[str, Tuple[int, int]]:
    """Files and bytes by the folder directly under `node_modules`: the package or scope."""
    sources: Dict[str, Tuple[int, int]] = {}
    for measure in measures:
        folder = "/".join(measure.path.split("/")[:2])
        files, size = sources.get(folder, (0, 0))
        sources[folder] = (files + measure.files, size + measure.bytes)
    return sources
