"""Paths as somebody reads them: from where they stand, or from the root of the repository."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from troubleshoot.code.files import Files
from troubleshoot.code.scan import ScanReport
from troubleshoot.model import Finding, Proposal, Severity

NAMED = re.compile(r"[^\s()'\"`,:]+\.py\b")
"""A path in a sentence."""
PLACE = re.compile(r"(.+?)(:\d+(?: .*)?)?")


def repository_around(place: Path) -> Path | None:
    """Return the root of the repository around a file or folder, if there is one."""
    place = place.resolve()
    return next((item for item in (place, *place.parents) if (item / ".git").exists()), None)


@dataclass(eq=False)
class Standing:
    """Writes the paths of `files` as they are seen from the folder `base`."""

    files: Files
    base: str
    _seen: dict[str, str] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)

    def whole(self, path: str) -> str:
        """Return the whole path of a file."""
        return Path(self.files.root, path).as_posix()

    def path(self, path: str) -> str:
        """Return a path relative to `base`, or a whole one, if `base` has nothing to do with it."""
        if path not in self._seen:
            whole = self.whole(path)
            inside = os.path.commonpath((whole, self.base)) == self.base
            is_near = inside or os.path.commonpath((self.files.root, self.base)) == self.files.root
            seen = os.path.relpath(whole, self.base).replace(os.sep, "/") if is_near else whole
            self._seen[path], self._known[seen] = seen, path
        return self._seen[path]

    def data(self, path: str) -> bytes:
        """Return what is in a file, by the path that `path` has returned."""
        return self.files.data(self._known[path])

    def report(self, report: ScanReport, grade: Callable[[Finding], Severity]) -> ScanReport:
        """Return a report with paths as they are seen, and findings as grave as `grade` says."""
        found = {item: self._finding(item, grade(item)) for item in report.findings}
        return replace(
            report,
            findings=tuple(sorted(found.values())),
            skipped=tuple(replace(item, location=self._location(item.location)) for item in report.skipped),
            proposals=tuple(self._proposal(item, found) for item in report.proposals),
        )

    def _finding(self, item: Finding, severity: Severity) -> Finding:
        return replace(
            item,
            path=self.path(item.path),
            severity=severity,
            message=self._sentence(item.message),
            chain=tuple(self._step(step) for step in item.chain),
        )

    def _proposal(self, item: Proposal, found: dict[Finding, Finding]) -> Proposal:
        changes = {self.path(path): data for path, data in item.changes.items()}
        return replace(item, finding=found[item.finding], changes=changes)

    def _step(self, text: str) -> str:
        """Return `path:line name` with the path as it is seen."""
        path, rest = _split(text)
        return f"{self.path(path)}{rest}" if path in self.files.known else text

    def _location(self, text: str) -> str:
        """Return where something was not examined, unless that is everywhere, or has a name that cannot be shown."""
        path, rest = _split(text)
        return text if text == "." or text.startswith(("'", '"')) else f"{self.path(path)}{rest}"

    def _sentence(self, text: str) -> str:
        return NAMED.sub(lambda found: self.path(found[0]) if found[0] in self.files.known else found[0], text)


def _split(text: str) -> tuple[str, str]:
    found = PLACE.fullmatch(text)
    return (found[1], found[2] or "") if found else (text, "")
