"""From files to findings."""

from __future__ import annotations

import gc
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from troubleshoot.code.files import Files
from troubleshoot.code.project import Project
from troubleshoot.code.settings import Settings
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.suppression import unsuppressed
from troubleshoot.code.walk import Walk
from troubleshoot.code.watching import Watcher, Watches
from troubleshoot.detectors import detectors
from troubleshoot.errors import UsageError
from troubleshoot.model import Catalog, Finding, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanReport:
    """What a scan came to: how many files there are, the findings by place, and what was not examined.

    `known` is how many findings a baseline already has.
    """

    files: int
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    known: int = 0


Progress = Callable[[str], None]
"""Is told what is being done."""


def no_progress(_what: str) -> None:
    """Show nothing."""


def scan(
    places: Sequence[Path], settings: Settings, catalog: Catalog, progress: Progress = no_progress
) -> tuple[ScanReport, Files]:
    """Search files and folders for causes; paths are relative to the one folder, or to what all have in common.

    Raises `UsageError` for a place that is not there.
    """
    root, below = _root(places)
    progress("looking for files")
    walk = Walk(str(root), settings.exclude)
    paths: set[str] = set()
    for place in below:
        # A file that is named is examined, whatever patterns say.
        paths.update([place] if (root / place).is_file() else walk.files("" if place == "." else place))
    files = Files(str(root), sorted(paths), walk.skipped)
    found = find(files, catalog, settings.watch, progress)
    progress("")
    wanted = [item for item in unsuppressed(found, files.data) if settings.wants(item.cause)]
    report = ScanReport(files=len(paths), findings=tuple(wanted), skipped=tuple(sorted(files.skipped, key=_place)))
    return report, files


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


def find(
    files: Files, catalog: Catalog, more_calls: Mapping[str, Sequence[str]], progress: Progress = no_progress
) -> list[Finding]:
    """Return what the files show, sorted by place; what could not be read is noted in `files.skipped`."""
    with _undisturbed():
        project = Project(files)
        found = {
            _finding(cause, sighting, project) for cause, sighting in _sightings(project, catalog, more_calls, progress)
        }
        progress("checking the other files")
        for path in files.unread():
            files.module(path)
    return sorted(found)


def _sightings(
    project: Project, catalog: Catalog, more_calls: Mapping[str, Sequence[str]], progress: Progress
) -> Iterator[tuple[str, Sighting]]:
    progress("following calls")
    yield from Watcher(Watches.of(catalog.causes, more_calls), project.reach).sightings()
    for cause, detector in detectors().items():
        if cause in catalog.causes:
            progress(cause)
            for sighting in detector.detect(project):
                yield cause, sighting


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the garbage collector away, which finds nothing in syntax trees, and the warnings of others' literals."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if enabled:
            gc.freeze()
            gc.enable()


def _finding(cause: str, sighting: Sighting, project: Project) -> Finding:
    node, function = sighting.node, sighting.function
    captured = {"file": sighting.module.path, "line": str(node.lineno), **sighting.captured}
    if function is not None:
        captured.setdefault("function", function.name)
        if function in project.paths:
            captured.setdefault("path", project.paths[function])
    return Finding(
        path=sighting.module.path,
        line=node.lineno,
        column=_column(sighting),
        end_line=node.end_lineno or node.lineno,
        cause=cause,
        severity=sighting.severity,
        function=function.qualname if function else "",
        message=sighting.message,
        chain=sighting.chain,
        captured=captured,
    )


def _column(sighting: Sighting) -> int:
    """Return the column in characters; the tree has it in bytes."""
    line = sighting.module.line(sighting.node.lineno)
    return len(line.encode()[: sighting.node.col_offset].decode("utf-8", "replace")) + 1
