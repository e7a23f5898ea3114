"""A scan of one place for a program or an agent, who want all that their settings tell, as it is seen from a folder."""

from __future__ import annotations

from pathlib import Path

from troubleshoot.catalog.content import Content
from troubleshoot.code.progress import Progress, no_progress
from troubleshoot.code.scan import ScanReport, scan
from troubleshoot.code.settings import Settings
from troubleshoot.code.standing import Standing
from troubleshoot.model import Catalog
from troubleshoot.sources.versions import versions_in


def scanned(
    place: Path,
    settings: Settings,
    content: Content,
    catalog: Catalog,
    base: Path,
    progress: Progress = no_progress,
) -> tuple[ScanReport, str]:
    """Return what the source at `place` shows, with paths from `base`, and what must be said of which files it was.

    Raises `UsageError` for a place that is not there, and for settings that name a cause that is not there.
    """
    report, files = scan([place], settings, content, lambda: catalog, progress, versions_of=versions_in)
    return Standing(files, str(base)).report(report, settings.severity_of), files.remark
