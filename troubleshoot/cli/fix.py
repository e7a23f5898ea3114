"""`troubleshoot fix`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from troubleshoot.cli.common import (
    Answers,
    AnswersFile,
    App,
    Complaint,
    Findings,
    Interpreter,
    Logs,
    Source,
    examined,
    load,
    on_terminal,
    show_code,
    target_of,
)
from troubleshoot.errors import ExitCode


def fix_command(
    context: typer.Context,
    cause: Annotated[str, typer.Argument(metavar="CAUSE[#FIX]", help="The cause, and which of its fixes.")],
    complaint: Complaint = "",
    setting: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A parameter of the fix. Repeatable.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    defaults: Annotated[bool, typer.Option("--defaults", help="Do not ask for parameters; take the defaults.")] = False,
    log: Logs = None,
    source: Source = None,
    findings: Findings = None,
    answer: Answers = None,
    answers: AnswersFile = None,
    app: App = None,
    python: Interpreter = None,
) -> None:
    """Render a fix in your own names, to standard output or to a file."""
    from troubleshoot.catalog.naming import find_fix
    from troubleshoot.fixes.parameters import fill, parse_settings
    from troubleshoot.fixes.rendering import Renderer
    from troubleshoot.investigation.intake import Intake
    from troubleshoot.output import write_file
    from troubleshoot.versions.weighing import misfit

    content, catalog = load(context)
    found, name = find_fix(catalog, cause)
    intake = Intake(
        complaint=complaint,
        logs=log or (),
        source=source,
        findings=findings or (),
        answers=answer or (),
        answers_file=answers,
        app=target_of(app, python),
    )
    session = examined(catalog, content, intake)
    candidate = next(item for item in session.ranking() if item.cause == found)
    evidence = [reason.evidence for reason in candidate.reasons]
    prompt = None
    if not defaults and on_terminal():
        from troubleshoot.ui.asker import parameter_prompt

        prompt = parameter_prompt()
    definition = catalog.causes[found].fixes[name]
    if why := misfit(definition.versions, session.in_use):
        typer.echo(f"not for your versions: the fix {why}", err=True)
    values = fill(definition.parameters, evidence, parse_settings(setting or ()), prompt)
    snippet = Renderer(content, catalog).fix(catalog.causes[found], name, values)
    if output is None:
        show_code(snippet.text, snippet.language)
    else:
        write_file(output, snippet.text, force=force)
        typer.echo(f"wrote {output}: {definition.title}", err=True)
        for step in (*definition.steps, f"Check: {definition.check}"):
            typer.echo(f"  - {step}", err=True)
    raise typer.Exit(ExitCode.SKIPPED if session.skipped else ExitCode.NAMED)
