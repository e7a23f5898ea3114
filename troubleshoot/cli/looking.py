"""One look of `scan` at source, as its options want it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from troubleshoot.errors import ExitCode

if TYPE_CHECKING:
    from troubleshoot.catalog.content import Content
    from troubleshoot.code.files import Files
    from troubleshoot.code.progress import Progress
    from troubleshoot.code.scan import ScanReport
    from troubleshoot.code.search import Patchable
    from troubleshoot.code.settings import Settings
    from troubleshoot.model import Catalog, Finding


class LeastSeverity(str, Enum):
    """The least severity that is told."""

    error = "error"
    warning = "warning"
    info = "info"


class FailOn(str, Enum):
    """The least severity that is a failure."""

    error = "error"
    warning = "warning"
    info = "info"
    never = "never"


@dataclass(frozen=True, kw_only=True)
class Look:
    """What to look at, and what of it to tell: findings from `severity` up; those from `fail_on` up are failures.

    `changed` is the git reference since which lines must have changed. Calling it looks, and looks again after changes.
    """

    places: Sequence[Path]
    settings: Settings
    content: Content
    catalog: Callable[[], Catalog]
    patchable: Patchable
    progress: Progress
    severity: LeastSeverity
    fail_on: FailOn
    baseline: Path | None
    changed: str | None
    unused_ignores: bool
    keep_out: bool

    def __call__(self) -> tuple[ScanReport, Files]:
        """Return what is to be told; paths are relative to the project's root."""
        from troubleshoot.code.scan import scan
        from troubleshoot.sources.versions import versions_in

        changed = None
        if self.changed is not None:
            from troubleshoot.code.changed import changed_since

            changed = changed_since(self.changed, _folder(self.places[0]))
        report, files = scan(
            self.places,
            self.settings,
            self.content,
            self.catalog,
            self.progress,
            self.patchable,
            versions_in,
            keep_out=self.keep_out,
            unused_ignores=self.unused_ignores,
        )
        if changed is not None:
            kept = tuple(item for item in report.findings if changed.shows(item, Path(files.root)))
            report = replace(report, findings=kept)
        if self.baseline is not None:
            from troubleshoot.code.baseline import new_findings, read_baseline, seen_from

            known = read_baseline(self.baseline)
            new = new_findings(report.findings, known, files.data, seen_from(self.baseline, files.root))
            report = replace(report, findings=tuple(new), known=len(report.findings) - len(new))
        return report, files

    def told(self, report: ScanReport) -> ScanReport:
        """Return `report` without what is less grave than wanted."""
        findings = tuple(item for item in report.findings if self._reaches(item, self.severity))
        return replace(report, findings=findings, quiet=len(report.findings) - len(findings))

    def exit_code(self, report: ScanReport) -> ExitCode:
        """Return what a report, with everything in it that was found, comes to."""
        if report.skipped:
            return ExitCode.SKIPPED
        failed = any(self._reaches(item, self.fail_on) for item in report.findings)
        return ExitCode.NO_CAUSE if failed else ExitCode.NAMED

    def _reaches(self, finding: Finding, bar: LeastSeverity | FailOn) -> bool:
        """Return whether a finding is as grave as `bar` or graver."""
        order = [item.value for item in LeastSeverity]
        return bar.value in order and order.index(self.settings.severity_of(finding)) <= order.index(bar.value)


def _folder(place: Path) -> Path:
    return place if place.is_dir() else place.parent
