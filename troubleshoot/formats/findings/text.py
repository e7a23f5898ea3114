"""Findings as plain lines, `path:line:column: severity cause: message`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from troubleshoot import program
from troubleshoot.code.scan import ScanReport
from troubleshoot.model import Catalog
from troubleshoot.redaction import plain, redact


def write(report: ScanReport, _catalog: Callable[[], Catalog], _source: Callable[[str], bytes]) -> str:
    """Return `report` for a pipe or a simple terminal."""
    lines = []
    for item in report.findings:
        mark = "[*] " if item.patch else ""
        # No file's name is a command to a pipeline.
        path = f"./{item.path}" if item.path.lstrip().startswith("::") else item.path
        lines.append(f"{path}:{item.line}:{item.column}: {item.severity} {item.cause}: {mark}{item.message}")
        lines += [f"    {'  ' * depth}{step}" for depth, step in enumerate(item.chain)]
    lines += not_examined(report)
    return "".join(f"{redact(plain(line))}\n" for line in (*lines, *filter(None, [fixable(report)]), summary(report)))


def not_examined(report: ScanReport) -> Iterator[str]:
    """Yield a line for everything that was not examined."""
    return (f"not examined: {item.location}: {item.why}" for item in report.skipped)


def summary(report: ScanReport) -> str:
    """Return what was found in one line."""
    counts = Counter(item.severity for item in report.findings)
    found = ", ".join(f"{counts[name]} {name}{'s' if counts[name] != 1 else ''}" for name in counts) or "nothing found"
    files = f"{report.files} file{'s' if report.files != 1 else ''}"
    known = f", {report.known} more known from the baseline" if report.known else ""
    quiet = f", {report.quiet} less severe not shown" if report.quiet else ""
    return f"{files}: {found}{known}{quiet}"


def fixable(report: ScanReport) -> str:
    """Return how many findings have a change of the source, and how to make it; nothing if none has."""
    safe = sum(item.patch == "safe" for item in report.findings)
    unsafe = sum(item.patch == "unsafe" for item in report.findings)
    told = [f"{safe} with `{program.name()} scan --fix`"] if safe else []
    told += [f"{unsafe}{' more' if safe else ''} with `--unsafe-fixes`, which you must agree to"] if unsafe else []
    return f"[*] can be put right in the source: {', '.join(told)} (`--diff` shows how)" if told else ""
