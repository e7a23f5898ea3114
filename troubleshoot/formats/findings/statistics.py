"""How many findings there are of each cause, the most frequent first."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import NamedTuple

from troubleshoot.code.scan import ScanReport
from troubleshoot.code.suppression import UNUSED, UNUSED_TITLE
from troubleshoot.formats.findings.text import fixable, not_examined, summary
from troubleshoot.formats.objects import indented, skipped_as_json
from troubleshoot.model import SEVERITIES, Catalog, Finding, Severity
from troubleshoot.redaction import plain, redact


class Count(NamedTuple):
    """How many findings of a cause there are, of each severity, and how many of them a change can put right."""

    cause: str
    title: str
    findings: int
    severities: dict[Severity, int]
    fixable: int


def counts(report: ScanReport, catalog: Callable[[], Catalog]) -> list[Count]:
    """Return what each cause comes to."""

    def by_cause(item: Finding) -> str:
        return item.cause

    found = [
        _count(cause, list(items), catalog) for cause, items in groupby(sorted(report.findings, key=by_cause), by_cause)
    ]
    return sorted(found, key=lambda item: (-item.findings, item.cause))


def _count(cause: str, items: list[Finding], catalog: Callable[[], Catalog]) -> Count:
    severities: dict[Severity, int] = {name: sum(item.severity == name for item in items) for name in SEVERITIES}
    fixable = sum(item.patch is not None for item in items)
    return Count(cause, title_of(cause, catalog()), len(items), severities, fixable)


def title_of(cause: str, catalog: Catalog) -> str:
    """Return the title of what a finding shows."""
    return UNUSED_TITLE if cause == UNUSED else catalog.causes[cause].title


def write(report: ScanReport, catalog: Callable[[], Catalog]) -> str:
    """Return one line for each cause: how many, whether all, some or none can be put right, and its title."""
    found = counts(report, catalog)
    width = max((len(str(item.findings)) for item in found), default=0)
    longest = max((len(item.cause) for item in found), default=0)
    lines = [f"{item.findings:>{width}} {_mark(item)} {item.cause:<{longest}}  {item.title}" for item in found]
    rest = (*not_examined(report), *filter(None, [fixable(report)]), summary(report))
    return "".join(f"{redact(plain(line))}\n" for line in (*lines, *rest))


def _mark(count: Count) -> str:
    return "[ ]" if not count.fixable else "[*]" if count.fixable == count.findings else "[-]"


def write_json(report: ScanReport, catalog: Callable[[], Catalog]) -> str:
    """Return the numbers as one JSON object, schema 1; the topic `json` has its keys."""
    value = {
        "schema": 1,
        "files": report.files,
        "statistics": [item._asdict() for item in counts(report, catalog)],
        "skipped": skipped_as_json(report.skipped),
    }
    return indented(value)
