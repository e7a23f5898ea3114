"""What holds of everything that is printed, and the printing of a session and of a scan in every format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

from troubleshoot.code.scan import ScanReport
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.formats import json as as_json
from troubleshoot.formats import markdown
from troubleshoot.formats import text as as_text
from troubleshoot.investigation.answer import answer
from troubleshoot.investigation.session import Session
from troubleshoot.model import Catalog

STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves a terminal's cursor, turns its text around, or is half a character."""
COMMAND = re.compile(r"\s*::[A-Za-z\-]{3,}(?: .*)?::|.*##\[")
"""What GitHub's runner obeys: `::NAME PROPERTIES::` behind white space, and `##[` anywhere in a line."""


def check_printed(text: str) -> None:
    """Assert that a terminal shows `text` as it is."""
    found = STEERING.search(text)
    assert found is None, f"{found[0]!r} in {text[max(0, found.start() - 80) : found.end() + 80]!r}"


def check_line(text: str) -> None:
    """Assert that `text` is one line that a terminal shows as it is."""
    check_printed(text)
    assert len(text.splitlines()) <= 1, text


def check_obeys_nobody(text: str) -> None:
    """Assert that no line of `text` is a command to a pipeline."""
    check_printed(text)
    commands = [line for line in text.splitlines() if COMMAND.match(line)]
    assert not commands, commands


def check_json(text: str) -> Any:
    """Assert that `text` is JSON that every program can read; return its value."""
    check_printed(text)
    return json.loads(text, parse_constant=_refused)


def _refused(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


def check_session(session: Session, renderer: Renderer) -> None:
    """Assert what holds of an answer in each format."""
    result = answer(session, renderer, 3)
    assert 0 <= sum(item.probability for item in result.ranked) <= 1.001
    check_obeys_nobody(as_text.write(result))
    check_obeys_nobody(markdown.write(result))
    assert check_json(as_json.write(result))["status"] == result.status


def check_report(report: ScanReport, catalog: Catalog, source: Callable[[str], bytes]) -> None:
    """Assert what holds of findings in each format."""
    written = {
        name: import_module(f"troubleshoot.formats.findings.{name}").write(report, lambda: catalog, source)
        for name in ("text", "json", "sarif", "github")
    }
    check_obeys_nobody(written["text"])
    for name in ("json", "sarif"):
        check_json(written[name])
    check_printed(written["github"])
    lines = written["github"].splitlines()
    assert len(lines) == len(report.findings) + len(report.skipped)
    assert all(re.match(r"::(error|warning|notice) file=", line) for line in lines), lines
