"""Findings as workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Callable

from troubleshoot.code.scan import ScanReport
from troubleshoot.formats.findings.places import place_of
from troubleshoot.model import Catalog, Severity, Skipped

COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def write(report: ScanReport, _catalog: Callable[[], Catalog], _source: Callable[[str], bytes]) -> str:
    """Return `report` as one command a line."""
    lines = [
        f"::{COMMANDS[item.severity]} file={_value(item.path)},line={item.line},endLine={item.end_line},"
        f"col={item.column},title={_value(item.cause)}::{_message(item.message)}"
        for item in report.findings
    ]
    lines += [f"::warning {_place(item)}::{_message(f'not examined: {item.why}')}" for item in report.skipped]
    return "".join(f"{line}\n" for line in lines)


def _place(item: Skipped) -> str:
    """Return where something stands as properties of a command."""
    path, line = place_of(item)
    return f"file={_value(path)}" if line is None else f"file={_value(path)},line={line}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
