"""From files to findings."""

from __future__ import annotations

import gc
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from troubleshoot.code.application import speaking
from troubleshoot.code.files import Files
from troubleshoot.code.parallel import WORTH_IT, both, can_share, halves
from troubleshoot.code.project import Project
from troubleshoot.code.settings import Settings, check_names
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.suppression import unsuppressed
from troubleshoot.code.walk import Walk
from troubleshoot.code.watching import Watcher, Watches
from troubleshoot.detectors import detectors
from troubleshoot.errors import UsageError
from troubleshoot.model import Catalog, Finding, Skipped
from troubleshoot.redaction import redact


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

    Raises `UsageError` for a place that is not there, and for settings that name a cause that is not there.
    """
    check_names(settings, catalog)
    root, below = _root(places)
    progress("looking for files")
    walk = Walk(str(root), settings.exclude, str(settings.folder))
    paths: set[str] = set()
    for place in below:
        # A file that is named is examined, whatever patterns say.
        paths.update(walk.named(place) if (root / place).is_file() else walk.files("" if place == "." else place))
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
        try:
            return _found(files, catalog, more_calls, progress)
        except RecursionError:
            # Some file has an expression that goes deeper than functions may call each other; the others count.
            if not files.without_deep():
                raise
    return find(files, catalog, more_calls, progress)


def _found(
    files: Files, catalog: Catalog, more_calls: Mapping[str, Sequence[str]], progress: Progress
) -> list[Finding]:
    progress("reading")
    paths = speaking(files)
    search = _Search(files, catalog, more_calls)
    if not can_share() or sum(len(files.data(path)) for path in paths) < WORTH_IT:
        results = [search.all_of(paths, files.paths)]
    else:
        progress("following calls")
        parts = halves(files, paths)
        if len(parts) == 2:
            rest = [path for path in files.paths if path not in set(paths)]
            results = both(lambda: search.all_of(parts[0], rest), lambda: search.all_of(parts[1], ()))
            results = search.reconsidered(paths, results)
        else:
            results = search.by_detector(paths)
    skipped = {item for _, several in results for item in several}
    files.skipped = [*dict.fromkeys([*files.skipped, *skipped])]
    return sorted({item for found, _ in results for item in found})


Found = tuple[set[Finding], list[Skipped]]


@dataclass(frozen=True, slots=True)
class _Search:
    """What is searched for, and where."""

    files: Files
    catalog: Catalog
    more_calls: Mapping[str, Sequence[str]]

    def all_of(self, paths: Sequence[str], to_check: Sequence[str]) -> Found:
        """Search `paths` for everything; see that the files in `to_check` can be read."""
        project = Project(self.files, paths)
        found = self._watched(project) | self._detected(project, list(detectors()))
        return found, self._checked(to_check)

    def by_detector(self, paths: Sequence[str]) -> list[Found]:
        """Search `paths` in two processes that share the detectors between them."""
        project = Project(self.files, paths)
        len(project.functions)
        names = list(detectors())

        def mine() -> Found:
            return self._detected(project, names[::2]), []

        def others() -> Found:
            found = self._watched(project) | self._detected(project, names[1::2])
            return found, self._checked(self.files.paths)

        return both(mine, others)

    def reconsidered(self, paths: Sequence[str], results: Sequence[Found]) -> list[Found]:
        """Search all `paths` again for what half of them seems to lack: it may be in the other half."""
        seen = {item.cause for found, _ in results for item in found}
        unsure = [
            cause
            for cause, detector in detectors().items()
            if cause in seen and getattr(detector, "WHOLE_PROJECT", False)
        ]
        if not unsure:
            return list(results)
        sure = [({item for item in found if item.cause not in unsure}, skipped) for found, skipped in results]
        return [*sure, (self._detected(Project(self.files, paths), unsure), [])]

    def _watched(self, project: Project) -> set[Finding]:
        watches = Watches.of(self.catalog.causes, self.more_calls)
        sightings = Watcher(watches, project.reach).sightings()
        return {_finding(cause, sighting, project) for cause, sighting in sightings}

    def _detected(self, project: Project, causes: Sequence[str]) -> set[Finding]:
        known = detectors()
        return {
            _finding(cause, sighting, project)
            for cause in causes
            if cause in self.catalog.causes
            for sighting in known[cause].detect(project)
        }

    def _checked(self, paths: Sequence[str]) -> list[Skipped]:
        """Read what nobody has asked for; return all that could not be read."""
        for path in paths:
            self.files.module(path)
        return list(self.files.skipped)


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
        captured = {"function": function.name, **project.path_of(function), **captured}
    return Finding(
        path=sighting.module.path,
        line=node.lineno,
        column=_column(sighting),
        end_line=node.end_lineno or node.lineno,
        cause=cause,
        severity=sighting.severity,
        function=function.qualname if function else "",
        message=redact(sighting.message),
        chain=sighting.chain,
        captured=captured,
    )


def _column(sighting: Sighting) -> int:
    """Return the column in characters; the tree has it in bytes."""
    line = sighting.module.line(sighting.node.lineno)
    return len(line.encode()[: sighting.node.col_offset].decode("utf-8", "replace")) + 1
