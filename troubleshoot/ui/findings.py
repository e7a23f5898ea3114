"""Findings as a page worth looking at: by file, with the lines at fault."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from troubleshoot import program
from troubleshoot.code.scan import ScanReport
from troubleshoot.formats.findings.statistics import title_of
from troubleshoot.formats.findings.text import fixable, summary
from troubleshoot.model import Catalog, Finding, Severity
from troubleshoot.redaction import plain, redact
from troubleshoot.ui.page import console

COLOURS: dict[Severity, str] = {"error": "bold red", "warning": "bold yellow", "info": "cyan"}
MOST_LINES = 4
"""Lines of source shown for one finding."""


def show_findings(
    report: ScanReport, catalog: Catalog, source: Callable[[str], bytes], to: Console | None = None
) -> None:
    """Print all findings, grouped by file, then how many there are of each cause."""
    out = to or console()
    for path, found in groupby(report.findings, key=lambda item: item.path):
        lines = source(path).splitlines()
        for item in found:
            _show_finding(item, lines, out)
        out.print()
    for skipped in report.skipped:
        out.print(Text(plain(f"not examined: {skipped.location}: {skipped.why}"), style="yellow"))
    if report.findings:
        out.print(_counts(report, catalog))
    out.print(Text(summary(report), style="bold green" if not report.findings else "bold"))
    if told := fixable(report):
        out.print(Text(told, style="green"))
    if report.findings:
        command, what = _next(report.findings)
        out.print(Text(f"{program.name()} {command}", style="cyan"), Text(what, style="dim"), soft_wrap=True)


def _next(findings: Sequence[Finding]) -> tuple[str, str]:
    """Return a command that goes on from there, and what it does: it shows the first change, or explains a cause."""
    changed = next((item for item in findings if item.patch), None)
    if changed is None:
        return f"explain {findings[0].cause}", "tells more"
    place = shlex.quote(f"{plain(changed.path)}:{changed.line}")
    return f"fix {changed.cause} --source . --at {place}", "shows the first change"


def _show_finding(item: Finding, lines: list[bytes], out: Console) -> None:
    # On a line of its own that is never broken, so that terminals and editors can open it.
    out.print(Text(f"{plain(item.path)}:{item.line}:{item.column}", style="bold underline"), soft_wrap=True)
    head = Text()
    head.append(item.severity, style=COLOURS[item.severity])
    head.append(f"  {redact(plain(item.message))}")
    if item.patch:
        head.append(" [*]", style="green")
    head.append(f"  {item.cause}", style="dim")
    out.print(Padding(head, (0, 0, 0, 2)))
    shown = b"\n".join(lines[item.line - 1 : min(item.end_line, item.line + MOST_LINES - 1)]).decode("utf-8", "replace")
    code = Syntax(
        redact(plain(shown)),
        "python",
        line_numbers=True,
        start_line=item.line,
        background_color="default",
        theme="ansi_dark",
    )
    out.print(Padding(code, (0, 0, 0, 4)))
    if item.chain:
        tree = Tree(Text(item.function or "module", style="dim"), guide_style="dim")
        branch = tree
        for step in item.chain:
            branch = branch.add(Text(redact(plain(step)), style="dim"))
        out.print(Padding(tree, (0, 0, 0, 6)))


def _counts(report: ScanReport, catalog: Catalog) -> Table:
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False)
    for cause, count in Counter(item.cause for item in report.findings).most_common():
        table.add_row(Text(str(count), justify="right"), Text(cause, style="cyan"), Text(title_of(cause, catalog)))
    return table
