"""Which findings are mistakes in the versions that a project uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from troubleshoot.model import Finding, Package, Version
from troubleshoot.versions.weighing import implied, misfit

VersionsOf = Callable[[Path], Mapping[Package, Version]]
"""Told a folder; returns the versions that what stands in it itself names."""


def fitting(found: Sequence[Finding], root: Path, versions_of: VersionsOf) -> list[Finding]:
    """Return the findings without those that are none in the versions in use.

    Of several folders around a file that name a version of a package, the nearest counts.
    """

    @cache
    def known(folder: Path) -> Mapping[Package, Version]:
        versions: dict[Package, Version] = {}
        for around in _folders(folder):
            versions = {**versions_of(around), **versions}
        return implied(versions)

    return [item for item in found if not item.versions or not misfit(item.versions, known((root / item.path).parent))]


def _folders(folder: Path) -> Iterator[Path]:
    """Yield a folder and those around it, up to the top of its repository."""
    for around in (folder, *folder.parents):
        yield around
        if (around / ".git").exists():
            return
