"""`troubleshoot scan`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from troubleshoot.cli import completing
from troubleshoot.cli.common import is_drawn, load, tells_progress, write
from troubleshoot.cli.looking import FailOn, LeastSeverity, Look
from troubleshoot.cli.packs import content_of, tell_not_used
from troubleshoot.errors import ExitCode, UsageError
from troubleshoot.redaction import shown

if TYPE_CHECKING:
    from troubleshoot.code.files import Files
    from troubleshoot.code.progress import Progress
    from troubleshoot.code.scan import ScanReport
    from troubleshoot.code.standing import Standing
    from troubleshoot.model import Catalog
    from troubleshoot.patching.proposals import Patcher


class ScanFormat(str, Enum):
    """How findings are written."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"
    gitlab = "gitlab"
    junit = "junit"
    rdjson = "rdjson"


FOR_PEOPLE = (ScanFormat.text, ScanFormat.json)
"""The formats whose paths start from where the person stands; the others are for those who know a repository only."""


Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[PATHS]", help="Files or folders.", show_default="the current folder"),
]
Causes = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="CAUSE",
        help="Only these causes. Repeatable, or with commas.",
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
            help="Not these causes, or families. Repeatable, or with commas.",
            autocompletion=completing.causes_and_families,
        ),
    ] = None,
    everything: Everything = False,
    severity: Annotated[
        LeastSeverity, typer.Option("--severity", help="The least severity that is told.")
    ] = LeastSeverity.info,
    fail_on: Annotated[
        FailOn | None,
        typer.Option("--fail-on", help="The least severity for exit code 1.", show_default="warning, if that is told"),
    ] = None,
    changed: Annotated[
        str | None,
        typer.Option(
            "--changed",
            metavar="[REF]",
            help="Tell only what is on lines changed since this git reference; without one, since the last commit.",
            show_default=False,
        ),
    ] = None,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Tell how many findings each cause has, not the findings.")
    ] = False,
    unused_ignores: Annotated[
        bool, typer.Option("--unused-ignores", help="Also tell of comments that ignore nothing.")
    ] = False,
    force_exclude: Annotated[
        bool, typer.Option("--force-exclude", help="Pass over what is excluded or ignored even if it is named.")
    ] = False,
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
    """Scan, and write, change or keep what was found."""
    from troubleshoot.cli.patch import (
        apply_all,
        patchable_with,
        patcher_for,
        renderer_of,
        show_all,
        with_known_proposals,
    )
    from troubleshoot.code import baseline as baselines
    from troubleshoot.code.progress import no_progress
    from troubleshoot.code.settings import read_settings

    _check_together(
        ("--unsafe-fixes goes with --fix or --diff", unsafe_fixes and not (fix or diff)),
        ("--diff shows what --fix would do; take one of them", fix and diff),
        ("--write-baseline keeps everything; it goes without --changed", bool(write_baseline) and changed is not None),
        ("--statistics goes with --format text or json", statistics and format not in FOR_PEOPLE),
        ("--statistics counts what --diff would change; take one of them", statistics and diff),
    )
    places = paths or [Path()]
    settings = read_settings(places[0])
    content = content_of(context)
    tell_not_used(settings, context.obj, content)
    catalog = cache(lambda: load(context)[1])
    settings = settings.asked(_each(select), _each(ignore), minor=everything)
    renderer = cache(lambda: renderer_of(content, catalog()))
    known = baseline or (settings.folder / settings.baseline if settings.baseline else None)
    progress: Progress = no_progress
    if tells_progress():
        from troubleshoot.ui.progress import status

        progress = status
    look = Look(
        places=places,
        settings=settings,
        content=content,
        catalog=catalog,
        patchable=patchable_with(renderer),
        progress=progress,
        severity=severity,
        fail_on=fail_on or (FailOn.error if severity is LeastSeverity.error else FailOn.warning),
        baseline=known if write_baseline is None else None,
        changed=changed,
        unused_ignores=unused_ignores,
        keep_out=force_exclude,
    )
    found, files = look()
    if files.remark:
        typer.echo(files.remark, err=True)
    if not found.files and not found.skipped:
        where = ", ".join(shown(str(place)) for place in places)
        typer.echo(f"nothing was searched: no Python file in {where}, or all of them are excluded or ignored", err=True)
    report = look.told(found)
    if write_baseline is not None:
        count = baselines.write_baseline(write_baseline, report.findings, files.data, files.root)
        typer.echo(f"wrote {write_baseline}: {count} findings", err=True)
        raise typer.Exit(ExitCode.SKIPPED if report.skipped else ExitCode.NAMED)

    def patcher(files: Files, report: ScanReport) -> Patcher:
        return patcher_for(files, settings, renderer(), report.found)

    standing = _standing(files, places, format)
    if diff:
        show_all(report, patcher(files, report), standing, unsafe=unsafe_fixes)
        raise typer.Exit(look.exit_code(found))
    if fix:
        found, files = apply_all(found, files, look, patcher, standing, unsafe=unsafe_fixes)
        report, standing = look.told(found), _standing(files, places, format)
    elif format in (ScanFormat.json, ScanFormat.sarif) and not statistics:
        report = with_known_proposals(report, files, content, settings, lambda: patcher(files, report))
    _tell(standing.report(report, settings.severity_of), catalog, format, standing.data, statistics=statistics)
    raise typer.Exit(look.exit_code(found))


def _check_together(*wrong: tuple[str, bool]) -> None:
    for sentence, is_so in wrong:
        if is_so:
            raise UsageError(sentence)


def _standing(files: Files, places: list[Path], format: ScanFormat) -> Standing:  # noqa: A002
    from troubleshoot.code.standing import Standing, repository_around

    base = Path.cwd() if format in FOR_PEOPLE else repository_around(places[0])
    return Standing(files, files.root if base is None else str(base))


def _tell(
    report: ScanReport,
    catalog: Callable[[], Catalog],
    format: ScanFormat,  # noqa: A002
    source: Callable[[str], bytes],
    *,
    statistics: bool,
) -> None:
    if statistics:
        from troubleshoot.formats.findings import statistics as counted

        write(counted.write_json(report, catalog) if format is ScanFormat.json else counted.write(report, catalog))
        return
    if format is ScanFormat.text and is_drawn():
        from troubleshoot.ui.findings import show_findings

        show_findings(report, catalog(), source)
        return
    from importlib import import_module

    write(import_module(f"troubleshoot.formats.findings.{format.value}").write(report, catalog, source))


def _each(several: Sequence[str] | None) -> list[str]:
    """Return what is named, each alone or several with commas between them."""
    return [name for item in several or () for part in item.split(",") if (name := part.strip())]
