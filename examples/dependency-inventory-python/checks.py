"""The quality checks of the manifests. No finding makes the inventory wrong, so none fails the run."""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Optional, Set

from packages import Manifest


class Check(NamedTuple):
    name: str
    severity: str
    expected: str
    records_checked: int
    records_failed: int


def checks_of(manifests: List[Manifest]) -> List[Check]:
    versions: Dict[str, Set[Optional[str]]] = {}
    for manifest in manifests:
        versions.setdefault(manifest.name, set()).add(manifest.version)
    several = sum(len(each) > 1 for each in versions.values())
    no_version = sum(one.version is None for one in manifests)
    no_licence = sum(one.licence is None for one in manifests)
    return [
        Check("version_present", "error", "every package has a version", len(manifests), no_version),
        Check("licence_present", "warn", "every package names its licence", len(manifests), no_licence),
        Check("one_version_per_package", "info", "no package is installed in several versions", len(versions), several),
    ]
