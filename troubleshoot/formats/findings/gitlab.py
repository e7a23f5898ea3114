"""Findings as GitLab's code quality report, which it shows in merge requests.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from troubleshoot.code.scan import ScanReport
from troubleshoot.formats.findings.fingerprints import digest, fingerprints
from troubleshoot.formats.findings.places import place_of
from troubleshoot.formats.objects import indented
from troubleshoot.model import Catalog, Severity

SEVERITIES: dict[Severity, str] = {"error": "critical", "warning": "major", "info": "info"}
NOT_EXAMINED = "not-examined"


def write(report: ScanReport, _catalog: Callable[[], Catalog], _source: Callable[[str], bytes]) -> str:
    """Return `report` as a list of issues; what was not examined is among them."""
    return indented([*_found(report), *_skipped(report)])


def _found(report: ScanReport) -> Iterator[dict[str, Any]]:
    for item, fingerprint in fingerprints(report.findings):
        severity = SEVERITIES[item.severity]
        yield _issue(item.message, item.cause, fingerprint, severity, item.path, item.line, item.end_line)


def _skipped(report: ScanReport) -> Iterator[dict[str, Any]]:
    for item in report.skipped:
        path, line = place_of(item)
        number = 1 if line is None else line
        text = f"not examined: {item.why}"
        yield _issue(text, NOT_EXAMINED, digest(NOT_EXAMINED, path, item.why), "major", path, number, number)


def _issue(text: str, check: str, fingerprint: str, severity: str, path: str, begin: int, end: int) -> dict[str, Any]:
    return {
        "description": text,
        "check_name": check,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": begin, "end": end}},
    }
