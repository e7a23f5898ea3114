"""From places to a report: which files, what is remembered of them, and what is wanted of what they show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from troubleshoot.catalog.content import Content
from troubleshoot.code.files import Files
from troubleshoot.code.fitting import VersionsOf, fitting
from troubleshoot.code.places import gather
from troubleshoot.code.progress import Progress, no_progress
from troubleshoot.code.remembered import Findings, Memory
from troubleshoot.code.settings import Settings, check_names
from troubleshoot.code.suppression import unsuppressed, unused
from troubleshoot.model import Catalog, Finding, Proposal, Skipped
from troubleshoot.values import frozen

if TYPE_CHECKING:
    from troubleshoot.code.search import Found, Patchable


@frozen
class ScanReport:
    """What a scan came to: how many files there are, the findings by place, and what was not examined.

    `known` is how many findings a baseline already has, `quiet` how many are less severe than what is told.
    `proposals` are the changes that would put findings right, if they were asked for. `found` is all that a search
    found, each with what it has sketched of a change; None if nothing was searched, but remembered.
    """

    files: int
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    known: int = 0
    quiet: int = 0
    proposals: tuple[Proposal, ...] = ()
    found: Found | None = None


def scan(
    places: Sequence[Path],
    settings: Settings,
    content: Content,
    catalog: Callable[[], Catalog],
    progress: Progress = no_progress,
    patchable: Patchable | None = None,
    versions_of: VersionsOf | None = None,
    *,
    keep_out: bool = False,
    unused_ignores: bool = False,
    is_loose: bool = False,
) -> tuple[ScanReport, Files]:
    """Search files and folders for causes, as parts of the project around them; paths are relative to its root.

    What was found in the same files before is remembered; `catalog` and `patchable`, by which findings are marked, are
    asked only if it is not. `versions_of`, if given, tells of the versions in use, for findings that depend on them.
    `keep_out` see `gather`, for `is_loose` `Files`; `unused_ignores` are comments that ignore nothing. Raises
    `UsageError` for a place that is not there, and for settings that name a cause that is not there.
    """
    if settings.select or settings.ignore or settings.watch or settings.severity:
        check_names(settings, catalog())
    files = gather(places, settings, progress, keep_out=keep_out)
    files.is_loose = is_loose
    memory = Findings(Memory(files, content, settings.watch, ".scan" if patchable is None else ".marked"))
    searched: Found | None = None
    # Pieces are put together for one search.
    found = None if is_loose else memory.recall()
    if found is None:
        # What is remembered needs none of the machinery that searches.
        from troubleshoot.code.search import find

        searched = find(files, catalog(), settings.watch, progress, *([patchable] if patchable else []))
        found = list(searched)
        if not is_loose:
            memory.remember(found)
    progress("")
    found = [item for item in found if item.path not in files.aside]
    wanted = [item for item in unsuppressed(found, files.data) if settings.tells(item)]
    if versions_of is not None:
        wanted = fitting(wanted, Path(files.root), versions_of)
    if unused_ignores:
        wanted = sorted([*wanted, *unused(found, files, catalog().causes)])
    skipped = sorted(filter(files.concerns, files.skipped), key=_place)
    count = len(files.paths) - len(files.aside)
    return ScanReport(files=count, findings=tuple(wanted), skipped=tuple(skipped), found=searched), files


def _place(item: Skipped) -> tuple[str, str]:
    return item.location, item.why
