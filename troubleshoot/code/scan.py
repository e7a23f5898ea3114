"""From places to a report: which files, what is remembered of them, and what is wanted of what they show."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from troubleshoot.catalog.content import Content
from troubleshoot.code.files import Files
from troubleshoot.code.fitting import VersionsOf, fitting
from troubleshoot.code.progress import Progress, no_progress
from troubleshoot.code.remembered import Memory
from troubleshoot.code.settings import Settings, check_names
from troubleshoot.code.suppression import unsuppressed
from troubleshoot.code.walk import Walk
from troubleshoot.errors import UsageError
from troubleshoot.model import Catalog, Finding, Proposal, Skipped

if TYPE_CHECKING:
    from troubleshoot.code.search import Patchable


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanReport:
    """What a scan came to: how many files there are, the findings by place, and what was not examined.

    `known` is how many findings a baseline already has. `proposals` are the changes that would put findings right, if
    they were asked for.
    """

    files: int
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    known: int = 0
    proposals: tuple[Proposal, ...] = ()


def scan(
    places: Sequence[Path],
    settings: Settings,
    content: Content,
    catalog: Callable[[], Catalog],
    progress: Progress = no_progress,
    patchable: Patchable | None = None,
    versions_of: VersionsOf | None = None,
) -> tuple[ScanReport, Files]:
    """Search files and folders for causes; paths are relative to the one folder, or to what all have in common.

    What was found in the same files before is remembered; `catalog` and `patchable`, by which findings are marked, are
    asked only if it is not. `versions_of`, if given, tells of the versions in use, for findings that depend on them.
    Raises `UsageError` for a place that is not there, and for settings that name a cause that is not there.
    """
    if settings.select or settings.ignore or settings.watch:
        check_names(settings, catalog())
    files = gather(places, settings, progress)
    memory = Memory(files, content, settings.watch, marked=patchable is not None)
    found = memory.recall()
    if found is None:
        # What is remembered needs none of the machinery that searches.
        from troubleshoot.code.search import find

        found = find(files, catalog(), settings.watch, progress, *([patchable] if patchable else []))
        memory.remember(found)
    progress("")
    wanted = [item for item in unsuppressed(found, files.data) if settings.tells(item)]
    if versions_of is not None:
        wanted = fitting(wanted, Path(files.root), versions_of)
    report = ScanReport(
        files=len(files.paths), findings=tuple(wanted), skipped=tuple(sorted(files.skipped, key=_place))
    )
    return report, files


def gather(places: Sequence[Path], settings: Settings, progress: Progress = no_progress) -> Files:
    """Return the Python files at `places`, below the one folder that all have in common. Raises `UsageError`."""
    root, below = _root(places)
    progress("looking for files")
    walk = Walk(str(root), settings.exclude, str(settings.folder))
    paths: set[str] = set()
    for place in below:
        # A file that is named is examined, whatever patterns say.
        paths.update(walk.named(place) if (root / place).is_file() else walk.files("" if place == "." else place))
    return Files(str(root), sorted(paths), walk.skipped)


def _root(places: Sequence[Path]) -> tuple[Path, list[str]]:
    for place in places:
        if not place.exists():
            raise UsageError(f"{place}: no such file or folder")
    resolved = [place.resolve() for place in places]
    folders = [place if place.is_dir() else place.parent for place in resolved]
    root = Path(os.path.commonpath(folders))
    return root, [place.relative_to(root).as_posix() for place in resolved]


def _place(item: Skipped) -> tuple[str, str]:
    return item.location, item.why
