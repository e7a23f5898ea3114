"""Findings as reviewdog's diagnostics, which it puts beside the lines of a pull request of any code host.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from troubleshoot.code.scan import ScanReport
from troubleshoot.code.suppression import UNUSED
from troubleshoot.formats.findings.places import place_of
from troubleshoot.formats.objects import indented
from troubleshoot.model import Catalog, Finding, Severity, Skipped

NAME = "troubleshoot"
SEVERITIES: dict[Severity, str] = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def write(report: ScanReport, catalog: Callable[[], Catalog], source: Callable[[str], bytes]) -> str:
    """Return `report` as one result; what was not examined is among its diagnostics."""
    found = [_found(item, catalog, source) for item in report.findings]
    value = {"source": {"name": NAME}, "diagnostics": [*found, *map(_not_examined, report.skipped)]}
    return indented(value)


def _found(item: Finding, catalog: Callable[[], Catalog], source: Callable[[str], bytes]) -> dict[str, Any]:
    code = {"value": item.cause}
    if item.cause != UNUSED:
        code["url"] = catalog().causes[item.cause].references[0]
    start = {"line": item.line, "column": _bytes_before(source(item.path), item.line, item.column) + 1}
    return {
        "message": "\n".join((item.message, *item.chain)),
        "location": {"path": item.path, "range": {"start": start}},
        "severity": SEVERITIES[item.severity],
        "code": code,
    }


def _bytes_before(data: bytes, line: int, column: int) -> int:
    """Return how many bytes stand before a character of a line, as reviewdog counts columns."""
    lines = data.decode("utf-8", "replace").splitlines()
    return len(lines[line - 1][: column - 1].encode()) if line <= len(lines) else column - 1


def _not_examined(item: Skipped) -> dict[str, Any]:
    path, line = place_of(item)
    location = {"path": path, "range": {"start": {"line": 1 if line is None else line}}}
    return {"message": f"not examined: {item.why}", "location": location, "severity": "WARNING"}
