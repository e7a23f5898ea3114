"""`troubleshoot inspect`."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from troubleshoot.cli.common import exit_code, is_drawn, load, target_at, write
from troubleshoot.cli.options import Interpreter
from troubleshoot.errors import ExitCode

if TYPE_CHECKING:
    from troubleshoot.catalog.content import Content
    from troubleshoot.inspection.report import Report
    from troubleshoot.investigation.session import Session
    from troubleshoot.sources.app import AppSource


class InspectFormat(str, Enum):
    """How an application is shown."""

    text = "text"
    json = "json"
    svg = "svg"
    html = "html"


def inspect_command(
    context: typer.Context,
    app: Annotated[
        str,
        typer.Argument(
            metavar="[MODULE:APP]",
            help="The application, as a server is told, or its file; else the one that `fastapi dev` would start.",
            show_default=False,
        ),
    ] = "",
    factory: Annotated[bool, typer.Option("--factory", help="It is a function that makes the application.")] = False,
    app_dir: Annotated[Path, typer.Option("--app-dir", metavar="DIR", help="Import from this folder.")] = Path(),
    python: Interpreter = None,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, metavar="SECONDS", help="How long the import may take.")
    ] = 30.0,
    route: Annotated[
        str,
        typer.Option("--route", metavar="PATH", help="Only the routes that this path meets, or that hold this text."),
    ] = "",
    format: Annotated[InspectFormat, typer.Option("--format", help="How to show it.")] = InspectFormat.text,  # noqa: A002
) -> None:
    """Write what an application has become, as far as it can be imported."""
    from troubleshoot.inspection.report import report
    from troubleshoot.investigation.session import Session
    from troubleshoot.sources.app import AppSource

    target = target_at(f"{app.removesuffix('()')}()" if factory else app, python, app_dir, timeout)
    content, catalog = load(context)
    source = AppSource(catalog, target)
    if sys.stderr.isatty():
        from troubleshoot.ui.progress import importing

        source.tell = importing(target.name)
    session = Session(catalog)
    session.examine(source)
    if source.application is None:
        raise typer.Exit(_tell_why_not(session, content, source, format))
    found = report(catalog, source.target.name, source.application, source.facts)
    _show(found, route, format)
    raise typer.Exit(ExitCode.NO_CAUSE if found.remarkable else ExitCode.NAMED)


def _show(found: Report, route: str, how: InspectFormat) -> None:
    if how is InspectFormat.json:
        from troubleshoot.formats import inspection

        write(inspection.write_json(found))
        return
    from troubleshoot.formats.outline import outline

    drawn = outline(found, route)
    if how is InspectFormat.text and not is_drawn():
        from troubleshoot.formats import outline_text

        write(outline_text.write(drawn))
        return
    from troubleshoot.ui import application

    if how is InspectFormat.svg:
        write(application.write_svg(drawn, f"troubleshoot inspect {found.target}"))
    elif how is InspectFormat.html:
        write(application.write_html(drawn, f"troubleshoot inspect {found.target}"))
    else:
        application.show_application(drawn)


def _tell_why_not(session: Session, content: Content, source: AppSource, how: InspectFormat) -> ExitCode:
    """Write what is known of an application that could not be imported, and return the exit code."""
    from troubleshoot.fixes.rendering import Renderer
    from troubleshoot.investigation.answer import answer
    from troubleshoot.investigation.examination import examine_complaint

    if source.failed and session.diagnosis().status != "diagnosed":
        examine_complaint("", session, content, source.exceptions, source.quoted)
    result = answer(session, Renderer(content, session.catalog), 3)
    if how is InspectFormat.json:
        from troubleshoot.formats import inspection

        write(inspection.write_failed_json(result, source.target.name, source.failed))
        return exit_code(result)
    if source.failed:
        typer.echo(
            f"troubleshoot: {source.target.name} cannot be imported with {source.target.interpreter.path} "
            f"(--python PATH takes another): {source.failed}",
            err=True,
        )
        # A cause that is not certain is worth a few lines here; `answer --app` goes on from there.
        brief = replace(result, next_question=None) if result.status != "diagnosed" else result
        from troubleshoot.ui.answers import show

        show(brief)
    for item in session.skipped:
        typer.echo(f"troubleshoot: {item.why}", err=True)
    return exit_code(result)
