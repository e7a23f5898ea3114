"""The commands: options in, one call, exit code out. A command is a file; this one has the way in and the wizard."""

# What typer reads of a signature it would have to compile if this put off the evaluation of annotations.
from pathlib import Path
from typing import Annotated, Any

import typer

from troubleshoot import __version__
from troubleshoot.cli import packs
from troubleshoot.cli.commands import WORDS, Commands
from troubleshoot.cli.options import Answers, AnswersFile, App, Findings, Interpreter, Logs, Plain, Source


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"troubleshoot {__version__}")
        raise typer.Exit


def wizard(
    context: typer.Context,
    log: Logs = None,
    source: Source = None,
    findings: Findings = None,
    answer: Answers = None,
    answers: AnswersFile = None,
    app: App = None,
    python: Interpreter = None,
    plain: Plain = False,
    save: Annotated[Path | None, typer.Option("--save", metavar="FILE", help="Keep the session in this file.")] = None,
    resume: Annotated[
        str | None,
        typer.Option("--resume", metavar="[FILE]", help="Go on with a kept session, the last of this folder."),
    ] = None,
    knowledge: packs.Folders = None,
    only_knowledge: packs.Alone = False,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Find out why a FastAPI application misbehaves. Without a command: a dialogue in the terminal."""
    context.obj = packs.Chosen(knowledge or (), only_knowledge)
    if context.invoked_subcommand not in (None, WORDS):
        return
    from troubleshoot.cli.begin import BEGUN, Begun, begin
    from troubleshoot.cli.common import handed_over

    intake = handed_over("", log, source, findings, answer, answers, app, python)
    begun = Begun(intake=intake, plain=plain, save=save, resume=resume)
    if context.invoked_subcommand is None:
        begin(context, begun)
    context.meta[BEGUN] = begun


def offer() -> Any:
    """Return the command line."""
    app = typer.Typer(
        cls=Commands,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Find out why a FastAPI application misbehaves, and how to put it right.",
    )
    app.callback(invoke_without_command=True)(wizard)
    return typer.main.get_command(app)
