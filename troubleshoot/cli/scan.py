"""`troubleshoot scan`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from troubleshoot.cli import completing
from troubleshoot.cli.common import content_of, is_drawn, load, write
from troubleshoot.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from troubleshoot.code.files import Files
    from troubleshoot.code.progress import Progress
    from troubleshoot.code.scan import ScanReport
    from troubleshoot.model import Catalog
    from troubleshoot.patching.proposals import Patcher


class ScanFormat(str, Enum):
    """How findings are written."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"


class LeastSeverity(str, Enum):
    """The least severity that is told."""

    error = "error"
    warning = "warning"
    info = "info"


Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[PATHS]", help="Files or folders.", show_default="the current folder"),
]
Causes = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="CAUSE",
        help="Only these causes. Repeatable.",
        autocompletion=completing.causes_and_families,
    ),
]
Everything = Annotated[
    bool,
    typer.Option(
        "--all", help="Also minor findings, which few would change their source for; --select tells them, too."
    ),
]


def scan_command(
    context: typer.Context,
    paths: Paths = None,
    format: Annotated[ScanFormat, typer.Option("--format", help="How to write the findings.")] = ScanFormat.text,  # noqa: A002
    select: Causes = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore",
            metavar="CAUSE",
            help="Not these causes, or families. Repeatable.",
            autocompletion=completing.causes_and_families,
        ),
    ] = None,
    everything: Everything = False,
    severity: Annotated[
        LeastSeverity, typer.Option("--severity", help="The least severity that is told.")
    ] = LeastSeverity.info,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="Tell only what is not in this file.")
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option("--write-baseline", metavar="FILE", help="Write what is found to this file.")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Show the changes that would put findings right.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Make the changes that are safe.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With --fix or --diff: also those that you must agree to.")
    ] = False,
) -> None:
    """Search source for causes; runs nothing of it."""
    from troubleshoot.cli.patch import patchable_with, patcher_for, renderer_of, with_proposals
    from troubleshoot.code import baseline as baselines
    from troubleshoot.code.progress import no_progress
    from troubleshoot.code.scan import scan
    from troubleshoot.code.settings import PROJECT, read_settings
    from troubleshoot.sources.versions import versions_in

    if unsafe_fixes and not (fix or diff):
        raise UsageError("--unsafe-fixes goes with --fix or --diff")
    if fix and diff:
        raise UsageError("--diff shows what --fix would do; take one of them")
    places = paths or [Path()]
    settings = read_settings(places[0])
    if settings.knowledge and context.obj is None:
        named = settings.folder / settings.knowledge
        where = settings.folder / PROJECT
        typer.echo(f"not used: the knowledge that {where} names; `--knowledge {named} scan …` takes it", err=True)
    content = content_of(context)
    catalog = cache(lambda: load(context)[1])
    settings = replace(
        settings,
        select=tuple(select) if select else settings.select,
        ignore=(*settings.ignore, *(ignore or ())),
        all=everything or settings.all,
    )
    progress: Progress = no_progress
    if sys.stderr.isatty():
        from troubleshoot.ui.progress import status

        progress = status
    renderer = cache(lambda: renderer_of(content, catalog()))
    patchable = patchable_with(renderer)

    def look() -> tuple[ScanReport, Files]:
        report, files = scan(places, settings, content, catalog, progress, patchable, versions_in)
        report = _severe(report, severity.value)
        known = baseline or (settings.folder / settings.baseline if settings.baseline else None)
        if known is None or write_baseline is not None:
            return report, files
        place = baselines.seen_from(known, files.root)
        new = baselines.new_findings(report.findings, baselines.read_baseline(known), files.data, place)
        return replace(report, findings=tuple(new), known=len(report.findings) - len(new)), files

    report, files = look()
    if write_baseline is not None:
        count = baselines.write_baseline(write_baseline, report.findings, files.data, files.root)
        typer.echo(f"wrote {write_baseline}: {count} findings", err=True)
        raise typer.Exit(ExitCode.SKIPPED if report.skipped else ExitCode.NAMED)
    if fix or diff:
        from troubleshoot.cli.patch import apply_all, show_all

        def patcher(files: Files) -> Patcher:
            return patcher_for(files, settings, renderer())

        if diff:
            show_all(report, patcher(files), unsafe=unsafe_fixes)
            raise typer.Exit(_exit_code(report))
        report, files = apply_all(report, files, look, patcher, unsafe=unsafe_fixes)
    elif format in (ScanFormat.json, ScanFormat.sarif):
        report = with_proposals(report, patcher_for(files, settings, renderer()))
    _tell(report, catalog, format, files.data)
    raise typer.Exit(_exit_code(report))


def _severe(report: ScanReport, least: str) -> ScanReport:
    order = [item.value for item in LeastSeverity]
    kept = [item for item in report.findings if order.index(item.severity) <= order.index(least)]
    return replace(report, findings=tuple(kept))


def _tell(
    report: ScanReport,
    catalog: Callable[[], Catalog],
    format: ScanFormat,  # noqa: A002
    source: Callable[[str], bytes],
) -> None:
    if format is ScanFormat.text and is_drawn():
        from troubleshoot.ui.findings import show_findings

        show_findings(report, catalog(), source)
        return
    from importlib import import_module

    write(import_module(f"troubleshoot.formats.findings.{format.value}").write(report, catalog, source))


def _exit_code(report: ScanReport) -> ExitCode:
    if report.skipped:
        return ExitCode.SKIPPED
    return ExitCode.NO_CAUSE if report.findings else ExitCode.NAMED
