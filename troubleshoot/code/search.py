"""The search itself: a project's model, the watched calls and the detectors, on one processor or two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from troubleshoot.code.application.speaking import speaking
from troubleshoot.code.failures import contained
from troubleshoot.code.files import Files
from troubleshoot.code.parallel import WORTH_IT, aside, both, can_share, halves
from troubleshoot.code.progress import Progress, no_progress
from troubleshoot.code.project import Project
from troubleshoot.code.seen import Seen, detected, finding_of, project_of, undisturbed, watched
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.suppression import is_settled
from troubleshoot.detectors import detectors
from troubleshoot.model import Catalog, Finding, Safety, Skipped


class Sketch(Protocol):
    """A change of the source that can be proposed, and has not been checked; another process can be told of it."""

    @property
    def safety(self) -> Safety:
        """Whether the change is safe."""


Patchable = Callable[[str, Sighting, Project], "Sketch | None"]
"""Told a cause and what shows it; returns the change of the source that can be proposed, if there is one."""
Found = dict[Finding, "Sketch | None"]
"""Findings, each with the change that can be proposed."""


def _never(_cause: str, _sighting: Sighting, _project: Project) -> None:
    return None


def find(
    files: Files,
    catalog: Catalog,
    more_calls: Mapping[str, Sequence[str]],
    progress: Progress = no_progress,
    patchable: Patchable = _never,
) -> Found:
    """Return what the files show, sorted by place; what could not be read is noted in `files.skipped`."""
    with undisturbed():
        while True:
            try:
                return _found(_Search(files, catalog, more_calls, patchable), progress)
            except RecursionError:  # noqa: PERF203 - the second time is rare
                # Some file has an expression that goes deeper than functions may call each other; the others count.
                if not files.without_deep():
                    raise


def _found(search: _Search, progress: Progress) -> Found:
    progress("reading")
    files = search.files
    paths = speaking(files)
    spoken = set(paths)
    rest = [path for path in files.paths if path not in spoken]
    if not can_share() or _size(files, files.paths) < WORTH_IT:
        results = [search.all_of(paths), search.checked(rest)]
    elif _size(files, paths) < WORTH_IT:
        results = both(lambda: search.checked(rest[::2]), lambda: search.checked(rest[1::2]), files)
        results.append(search.all_of(paths))
    else:
        progress("following calls")
        with aside(lambda: search.checked(rest), files) as checked:
            parts = halves(files, paths)
            if len(parts) == 2:
                results = both(lambda: search.all_of(parts[0]), lambda: search.all_of(parts[1]), files)
                results = search.reconsidered(paths, results)
            else:
                results = search.by_detector(paths)
            results.append(checked())
    skipped = {item for _, several in results for item in several}
    files.skipped = [*dict.fromkeys([*files.skipped, *skipped])]
    together = {item: sketch for found, _ in results for item, sketch in found.items()}
    return {item: together[item] for item in sorted(together)}


def _size(files: Files, paths: Sequence[str]) -> int:
    """Return how many bytes of source there are."""
    return sum(len(files.raw(path)) for path in paths)


Result = tuple[Found, list[Skipped]]


@dataclass(frozen=True, slots=True)
class _Search:
    """What is searched for, and where."""

    files: Files
    catalog: Catalog
    more_calls: Mapping[str, Sequence[str]]
    patchable: Patchable

    def all_of(self, paths: Sequence[str]) -> Result:
        """Search `paths` for everything."""
        project = project_of(self.files, paths)
        return self._watched(project) | self._detected(project, list(detectors())), self.files.skipped

    def by_detector(self, paths: Sequence[str]) -> list[Result]:
        """Search `paths` in two processes that share the detectors between them."""
        project = project_of(self.files, paths)
        names = list(detectors())

        def mine() -> Result:
            return self._detected(project, names[::2]), self.files.skipped

        def others() -> Result:
            return self._watched(project) | self._detected(project, names[1::2]), self.files.skipped

        return both(mine, others, self.files)

    def checked(self, paths: Sequence[str]) -> Result:
        """Read what nobody may ask for; return all that could not be read."""
        self.files.check(paths)
        return {}, self.files.skipped

    def reconsidered(self, paths: Sequence[str], results: Sequence[Result]) -> list[Result]:
        """Search all `paths` again for what half of them seems to lack: it may be in the other half."""
        seen = {item.cause for found, _ in results for item in found}
        unsure = [
            cause
            for cause, detector in detectors().items()
            if cause in seen and getattr(detector, "WHOLE_PROJECT", False)
        ]
        if not unsure:
            return list(results)
        sure = [
            ({item: sketch for item, sketch in found.items() if item.cause not in unsure}, skipped)
            for found, skipped in results
        ]
        return [*sure, (self._detected(project_of(self.files, paths), unsure), [])]

    def _watched(self, project: Project) -> Found:
        return self._findings(watched(project, self.catalog, self.more_calls), project)

    def _detected(self, project: Project, causes: Sequence[str]) -> Found:
        return self._findings(detected(project, self.catalog, causes), project)

    def _findings(self, several: Iterable[Seen], project: Project) -> Found:
        found: Found = {}
        for cause, sighting in several:
            finding, sketch = self._finding(cause, sighting, project)
            found[finding] = sketch or found.get(finding)
        return found

    def _finding(self, cause: str, sighting: Sighting, project: Project) -> tuple[Finding, Sketch | None]:
        versions = {**self.catalog.outlines[cause].versions, **sighting.versions}
        finding = replace(finding_of(cause, sighting, project), versions=versions)
        line = sighting.module.line(finding.line)
        if "noqa" in line and is_settled(line, self.catalog.causes[cause].rules.get("ruff", ())):
            # Whoever has accepted it for another tool need not do so twice.
            finding = replace(finding, minor=True)
        with contained(self.files, sighting.module.path, f"the patch for {cause}"):
            sketch = self.patchable(cause, sighting, project)
            return (replace(finding, patch=sketch.safety), sketch) if sketch is not None else (finding, None)
        return finding, None
