"""What a project shows: the watched calls, what the detectors see, and a finding for each."""

from __future__ import annotations

import ast
import gc
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from troubleshoot.code.application.leaves import told
from troubleshoot.code.application.watches import Watches
from troubleshoot.code.application.watching import Watched, Watcher, weight
from troubleshoot.code.failures import CALLS, WHOLE, contained, search_for
from troubleshoot.code.files import Files
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.administrators import serves_administrators
from troubleshoot.detectors import detectors
from troubleshoot.model import Catalog, Finding, Place
from troubleshoot.redaction import shown

SAMPLES = re.compile(r"(?:^|[/_-])(?:examples?|samples?|demos?|tutorials?|playgrounds?)/", re.IGNORECASE)
"""Folders beside an application with what shows how it is used, and serves nobody."""
PASSWORDS = frozenset(
    ("hashpw", "checkpw", "hash", "verify", "encrypt", "generate_password_hash", "check_password_hash")
)
"""Calls that take long on purpose, for one password."""
LONGEST = 1000
"""Characters of a message, which may hold a text out of the source."""

Seen = tuple[str, Sighting]
"""A cause, and a place that shows it."""


def project_of(files: Files, paths: Sequence[str]) -> Project:
    """Return the project with its model made, without the files of which none can be made."""
    project = Project(files, paths)
    try:
        len(project.functions)
    except Exception as error:
        sound = [path for path in paths if _can_be_modelled(files, path)]
        if len(sound) < len(paths):
            return project_of(files, sound)
        files.failed(error, WHOLE, "putting these files together")
        return project_of(files, [])
    return project


def _can_be_modelled(files: Files, path: str) -> bool:
    with contained(files, path, "reading what FastAPI would build"):
        return len(Project(files, [path]).functions) >= 0
    return False


def watched(
    project: Project, catalog: Catalog, more_calls: Mapping[str, Sequence[str]], *, each: bool = False
) -> Iterator[Seen]:
    """Yield the watched calls that stand in the wrong place; for `each` see `told`."""
    watcher = Watcher(Watches.of(catalog.outlines, more_calls), project.reach)
    found: dict[tuple[str, ast.Call, Place], Watched] = {}
    for reached in project.reach.all_ways():
        with contained(project.files, reached.function.module.path, CALLS):
            for item in watcher.watched(reached):
                key = (item.use.cause, item.node, reached.place)
                if key not in found or weight(item.use) > weight(found[key].use):
                    few = _is_for_few(project, item)
                    told_as = item._replace(use=item.use._replace(severity="info")) if few else item
                    if key not in found or weight(told_as.use) > weight(found[key].use):
                        found[key] = told_as
    once = [item for item in found.values() if not _is_told_already(item, found)]
    yield from told(once, project.reach, each=each)


def _is_for_few(project: Project, item: Watched) -> bool:
    """Return whether a call that costs something keeps hardly anybody waiting: administrators, or whoever tries it out.

    What it costs to check a password is a fraction of a second, which nobody notices who has it done for another.
    """
    if item.use.severity == "warning" and SAMPLES.search(item.reached.function.module.path):
        return True
    is_seldom = item.use.watch.place == "each request" or last_name(item.blocked.leaf.func) in PASSWORDS
    return is_seldom and serves_administrators(project, item.reached)


def _is_told_already(item: Watched, found: Mapping[tuple[str, ast.Call, Place], Watched]) -> bool:
    """Return whether the same call is told for the cause whose list it is on: one function may be run as several."""
    cause = item.blocked.found_in.partition("#")[0]
    other = found.get((cause, item.node, item.reached.place)) if cause != item.use.cause else None
    return other is not None and other.blocked.leaf is item.blocked.leaf and other.use.severity == item.use.severity


def detected(project: Project, catalog: Catalog, causes: Sequence[str]) -> Iterator[Seen]:
    """Yield what the detectors of these causes see."""
    known = detectors()
    for cause in causes:
        if cause in catalog.causes:
            with contained(project.files, WHOLE, search_for(cause)):
                yield from ((cause, sighting) for sighting in known[cause].detect(project))


def sightings(
    project: Project,
    catalog: Catalog,
    more_calls: Mapping[str, Sequence[str]],
    causes: Sequence[str] = (),
    *,
    each: bool = False,
) -> Iterator[Seen]:
    """Yield what a project shows of `causes`, by default of all; for `each` see `told`."""
    if not causes or any(catalog.causes[cause].watches for cause in causes):
        calls = watched(project, catalog, more_calls, each=each)
        yield from (item for item in calls if not causes or item[0] in causes)
    yield from detected(project, catalog, [cause for cause in detectors() if not causes or cause in causes])


def finding_of(cause: str, sighting: Sighting, project: Project) -> Finding:
    """Return a sighting as it is told."""
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
        message=shown(sighting.message, LONGEST),
        chain=sighting.chain,
        captured=captured,
        endpoints=sighting.endpoints,
        minor=sighting.minor,
    )


def _column(sighting: Sighting) -> int:
    """Return the column in characters; the tree has it in bytes."""
    line = sighting.module.line(sighting.node.lineno)
    return len(line.encode()[: sighting.node.col_offset].decode("utf-8", "replace")) + 1


@contextmanager
def undisturbed() -> Iterator[None]:
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
