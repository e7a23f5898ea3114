"""`troubleshoot fix`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from troubleshoot import program
from troubleshoot.cli import completing
from troubleshoot.cli.common import examined, handed_over, load, on_terminal, show_code
from troubleshoot.cli.options import Answers, AnswersFile, App, Complaint, Findings, Interpreter, Logs, Source
from troubleshoot.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from troubleshoot.fixes.rendering import Renderer
    from troubleshoot.model import Cause


def fix_command(
    context: typer.Context,
    cause: Annotated[
        str,
        typer.Argument(
            metavar="CAUSE[#FIX]", help="The cause, and which of its fixes.", autocompletion=completing.fixes
        ),
    ],
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
    apply: Annotated[bool, typer.Option("--apply", help="Change the source; whole, or not at all.")] = False,
    at: Annotated[
        str, typer.Option("--at", metavar="PATH:LINE", help="The place to change, if there are several.")
    ] = "",
    example: Annotated[bool, typer.Option("--example", help="The example, not a change of the source.")] = False,
) -> None:
    """Write a cause's fix, or change the source by it."""
    from troubleshoot.catalog.naming import find_fix
    from troubleshoot.fixes.parameters import parse_settings
    from troubleshoot.fixes.rendering import Renderer
    from troubleshoot.output import write_file
    from troubleshoot.versions.weighing import misfit

    content, catalog = load(context)
    found, name = find_fix(catalog, cause)
    if (apply or at) and (source is None or example):
        raise UsageError("--apply and --at change your source; name it with --source DIR, without --example")
    renderer = Renderer(content, catalog)
    skipped = False
    if source is not None and not example:
        changed, skipped = _changed(source, catalog.causes[found], renderer, at, output, force, apply=apply)
        if changed:
            raise typer.Exit(ExitCode.SKIPPED if skipped else ExitCode.NAMED)
    intake = handed_over(complaint, log, source, findings, answer, answers, app, python)
    session = examined(catalog, content, intake)
    candidate = next(item for item in session.ranking() if item.cause == found)
    evidence = [reason.evidence for reason in candidate.reasons]
    prompt = None
    if not defaults and on_terminal():
        from troubleshoot.ui.parameters import parameter_prompt

        prompt = parameter_prompt()
    definition = catalog.causes[found].fixes[name]
    if why := misfit(definition.versions, session.in_use):
        typer.echo(f"not for your versions: the fix {why}", err=True)
    given = parse_settings(setting or ())
    snippet = renderer.tailored(catalog.causes[found], name, evidence, given, prompt).snippet
    if output is None:
        show_code(snippet.text, snippet.language)
    else:
        write_file(output, snippet.text, force=force)
        typer.echo(f"wrote {output}: {definition.title}", err=True)
        for step in (*definition.steps, f"Check: {definition.check}"):
            typer.echo(f"  - {step}", err=True)
    raise typer.Exit(ExitCode.SKIPPED if session.skipped or skipped else ExitCode.NAMED)


def _changed(
    source: Path,
    cause: Cause,
    renderer: Renderer,
    at: str,
    output: Path | None,
    force: bool,
    *,
    apply: bool,
) -> tuple[bool, bool]:
    """Show or make the change that the source needs, or say why there is none.

    Return whether there is one, and whether something could not be examined.
    """
    from troubleshoot.cli.patch import findings_at, say, show_diff
    from troubleshoot.code.standing import Standing
    from troubleshoot.investigation.changes import patcher_at
    from troubleshoot.output import write_file
    from troubleshoot.patching.diffs import diff_of
    from troubleshoot.patching.sketches import patch_of
    from troubleshoot.patching.writing import write_changes

    if not source.exists():
        raise UsageError(f"--source {source}: no such file or folder")
    if patch_of(cause) is None:
        if apply or at:
            raise UsageError(f"{cause.id} has no change of source; `fix {cause.id}` without --apply gives an example")
        return False, False
    patcher, seen = patcher_at(source, cause, renderer)
    files, standing = patcher.files, Standing(patcher.files, str(Path.cwd()))
    found = findings_at(seen, at, standing)
    if not found:
        if apply:
            raise UsageError(f"{source}: does not show {cause.id}; nothing was changed")
        typer.echo(f"{source} does not show {cause.id}; this is an example", err=True)
        return False, bool(files.skipped)
    if apply and len(found) > 1:
        places = ", ".join(f"{standing.path(item.path)}:{item.line}" for item in found)
        raise UsageError(
            f"there are {len(found)} places: {places}; name one with --at PATH:LINE, or change "
            f"all: `{program.name()} scan {shlex.quote(str(source))} --select {cause.id} --fix --unsafe-fixes`"
        )
    proposals = patcher.proposals(found)
    changes, taken = patcher.together(proposals)
    say([item for item in proposals if item.withheld], standing)
    if not taken:
        if apply:
            raise typer.Exit(ExitCode.SKIPPED if files.skipped else ExitCode.NO_CAUSE)
        return False, bool(files.skipped)
    if apply:
        write_changes(Path(files.root), changes, files.data)
        say(taken, standing, applied=True)
    elif output is not None:
        seen_changes = {standing.path(path): data for path, data in changes.items()}
        write_file(output, diff_of(seen_changes, standing.data), force=force)
        typer.echo(f"wrote {output}: `git apply {output}` makes the change", err=True)
    else:
        show_diff(changes, standing)
        say([item for item in proposals if item.changes], standing)
    files.check(files.paths)
    return True, bool(files.skipped)
