"""Findings as one JSON object, schema 1; the topic `json` has its keys, and changing one needs a new number."""

from __future__ import annotations

from collections.abc import Callable

from troubleshoot.code.scan import ScanReport
from troubleshoot.formats.changes import as_json
from troubleshoot.formats.objects import indented, skipped_as_json
from troubleshoot.model import Catalog
from troubleshoot.patching.diffs import diff_text

KEYS = ("path", "line", "column", "end_line", "cause", "severity", "function", "message", "chain", "endpoints", "minor")


def write(report: ScanReport, _catalog: Callable[[], Catalog], source: Callable[[str], bytes]) -> str:
    """Return `report` as indented JSON."""
    proposals = {item.finding: as_json(item, diff_text(item.changes, source)) for item in report.proposals}
    value = {
        "schema": 1,
        "files": report.files,
        "findings": [
            {**{key: getattr(item, key) for key in KEYS}, "patch": proposals.get(item)} for item in report.findings
        ],
        "skipped": skipped_as_json(report.skipped),
    }
    return indented(value)
