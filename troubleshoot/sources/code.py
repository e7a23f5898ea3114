"""The user's source tree: what it shows, and what it was searched for and does not show."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from troubleshoot.catalog.content import Content
from troubleshoot.code.failures import has_failed
from troubleshoot.code.files import Files
from troubleshoot.code.progress import Progress, no_progress
from troubleshoot.code.project import Project
from troubleshoot.code.scan import scan
from troubleshoot.code.settings import read_settings
from troubleshoot.detectors import detectors, searched_for
from troubleshoot.errors import UsageError
from troubleshoot.model import SEVERITIES, Catalog, Evidence, Finding, Skipped
from troubleshoot.redaction import shown

APPLICATION = re.compile(rb"^[ \t]*\w+(?:\s*:\s*[\w.]+)?\s*=\s*(?:fastapi\.)?FastAPI\(", re.MULTILINE)
OWN_IMPORT = re.compile(
    rb"^[ \t]*(?:from|import)[ \t]+(?P<name>models?|schemas?|database|db|crud|config|settings|utils?|core|deps"
    rb"|dependencies|routers?|routes|services?|auth|storage|helpers?|security|tasks|app|api|src)\b",
    re.MULTILINE,
)
"""Imports of modules that are called as only modules of one's own are."""
ASIDE = frozenset(("tests", "test", "docs", "docs_src", "examples"))
STATEMENT = 80
"""Characters that are shown of a statement."""


@dataclass(frozen=True, slots=True)
class CodeSource:
    """A folder or file of source; nothing of it is run.

    `is_whole` says that what it does not show is not there; of a piece of source that says nothing. `is_shown` says
    that somebody has written it so; what was made of a text's words speaks against nothing.
    """

    catalog: Catalog
    content: Content
    place: Path
    progress: Progress = no_progress
    source: str = "code"
    is_whole: bool = True
    is_shown: bool = True

    def collect(self) -> Iterator[Evidence | Skipped]:
        """Yield the gravest finding of each cause, and the causes that were searched for in vain.

        Raises `UsageError` for a place that is not there.
        """
        if not self.place.exists():
            raise UsageError(f"--source {self.place}: no such file or folder")
        settings = replace(read_settings(self.place), all=True)
        known = (self.content, lambda: self.catalog, self.progress)
        report, files = scan([self.place], settings, *known, is_loose=not self.is_whole)
        found = sorted(report.findings, key=lambda item: (item.cause, SEVERITIES.index(item.severity), item))
        shown_causes = set()
        for cause, several in groupby(found, key=lambda item: item.cause):
            shown_causes.add(cause)
            findings = list(several)
            yield evidence_of_findings(findings, self.source, _statement(files, findings[0]))
        if self.is_whole and is_whole(files):
            for cause in searched_for(self.catalog):
                if cause not in shown_causes and settings.wants(cause) and not has_failed(cause, report.skipped):
                    what = f"the source was searched for this, and does not show it ({report.files} files)"
                    yield Evidence(kind="clean", subject=cause, source="code", location=str(self.place), what=what)
        if self.is_whole:
            yield from report.skipped
        elif self.is_shown:
            yield from self._in_full_view(files, shown_causes)

    def _in_full_view(self, files: Files, shown_causes: Collection[str]) -> Iterator[Evidence]:
        """Yield the causes that are not there although a piece of source shows all of the place where they would be."""
        project = Project(files)
        for cause, detector in detectors().items():
            concerns = getattr(detector, "concerns", None)
            if (
                concerns is not None
                and cause in self.catalog.causes
                and cause not in shown_causes
                and concerns(project)
            ):
                what = "the source that you show is not written so"
                yield Evidence(kind="clean", subject=cause, source=self.source, location="", what=what)


def is_whole(files: Files) -> bool:
    """Return whether `files` are an application with all that it imports of its own: only of that is nothing shown.

    Tests alone, a piece of an application, or a file whose neighbours are missing show nothing by what they lack.
    """
    own = {path.partition("/")[0].removesuffix(".py") for path in files.paths}
    own |= {path.rpartition("/")[2].removesuffix(".py") for path in files.paths}
    application = False
    for path in files.paths:
        if path in files.aside:
            continue
        data = files.data(path)
        if path.partition("/")[0] not in ASIDE and not path.rpartition("/")[2].startswith("test_"):
            application = application or APPLICATION.search(data) is not None
        missing = {match["name"].decode() for match in OWN_IMPORT.finditer(data)} - own
        if missing:
            return False
    return application


def _statement(files: Files, finding: Finding) -> str:
    """Return the line of source at which a finding stands."""
    lines = files.data(finding.path).splitlines()
    return lines[finding.line - 1].decode(errors="replace") if finding.line <= len(lines) else ""


def evidence_of_findings(findings: list[Finding], source: str, statement: str = "") -> Evidence:
    """Return the first of the findings of one cause, the gravest, with how many more there are.

    The same place found by two tools is one observation. `statement` is the line of source there, if it is known.
    """
    first = findings[0]
    more = f" (and {len(findings) - 1} more like it)" if len(findings) > 1 else ""
    return Evidence(
        kind="finding",
        subject=first.cause,
        value=first.severity,
        source=source,
        location=f"{first.path}:{first.line}",
        what=shown(first.message) + more,
        captured={**first.captured, "statement": shown(statement, STATEMENT)} if statement else first.captured,
    )
