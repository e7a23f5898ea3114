"""From files to findings."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from troubleshoot.code.files import Files
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.watching import Watcher, Watches
from troubleshoot.detectors import detectors
from troubleshoot.model import Catalog, Finding


def find(
    files: Files,
    catalog: Catalog,
    more_calls: Mapping[str, Sequence[str]],
    progress: Callable[[str], None] = lambda _: None,
) -> list[Finding]:
    """Return what the files show, sorted by place; what could not be read is noted in `files.skipped`."""
    with _undisturbed():
        project = Project(files)
        found = set()
        for cause, sighting in _sightings(project, catalog, more_calls, progress):
            found.add(_finding(cause, sighting))
        for path in files.unread():
            files.module(path)
    return sorted(found)


def _sightings(
    project: Project, catalog: Catalog, more_calls: Mapping[str, Sequence[str]], progress: Callable[[str], None]
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


def _finding(cause: str, sighting: Sighting) -> Finding:
    node, function = sighting.node, sighting.function
    captured = {"file": sighting.module.path, "line": str(node.lineno), **sighting.captured}
    if function is not None:
        captured.setdefault("function", function.name)
    return Finding(
        path=sighting.module.path,
        line=node.lineno,
        column=node.col_offset + 1,
        end_line=node.end_lineno or node.lineno,
        cause=cause,
        severity=sighting.severity,
        function=function.qualname if function else "",
        message=sighting.message,
        chain=sighting.chain,
        captured=captured,
    )
