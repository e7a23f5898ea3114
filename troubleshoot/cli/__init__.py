"""The commands: options in, one call, exit code out. A command is a file; this one has the way in and the wizard."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from troubleshoot import __version__
from troubleshoot.cli import answer, begin, browse, fix, inspect, knowledge, mcp, packs, probe, run, scan, topics
from troubleshoot.cli.common import Answers, AnswersFile, App, Findings, Interpreter, Logs, Source, target_of

COMMANDS: Sequence[tuple[str, Callable[..., None], Mapping[str, Any]]] = (
    ("answer", answer.answer_command, {}),
    ("resume", begin.resume_command, {}),
    ("fix", fix.fix_command, {}),
    ("scan", scan.scan_command, {"cls": scan.ScanCommand}),
    ("run", run.run_command, {"context_settings": {"allow_interspersed_args": False}}),
    ("probe", probe.probe_command, {}),
    ("explain", browse.explain_command, {}),
    ("inspect", inspect.inspect_command, {}),
    ("list", browse.list_command, {}),
    ("mcp", mcp.mcp_command, {}),
    ("help", topics.help_command, {}),
)
"""What each is called, what it does, and how typer treats it, in the order in which they are listed."""


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
    plain: begin.Plain = False,
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
    if context.invoked_subcommand not in (None, begin.WORDS):
        return
    from troubleshoot.investigation.intake import Intake

    intake = Intake(
        logs=log or (),
        source=source,
        findings=findings or (),
        answers=answer or (),
        answers_file=answers,
        app=target_of(app, python),
    )
    begun = begin.Begun(intake=intake, plain=plain, save=save, resume=resume)
    if context.invoked_subcommand is None:
        begin.begin(context, begun)
    context.meta[begin.BEGUN] = begun


def offer(words: Collection[str] | None) -> typer.Typer:
    """Return the command line in which those commands can be run that `words` name, or all if it is None.

    What typer reads from a command's signature takes milliseconds, so of the others it is given what `--help` lists.
    """
    app = typer.Typer(
        cls=begin.Commands,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Find out why a FastAPI application misbehaves, and how to put it right.",
    )
    app.callback(invoke_without_command=True)(wizard)
    app.command(begin.WORDS, hidden=True)(begin.words_command)
    for name, command, settings in COMMANDS:
        wanted = words is None or name in words
        app.command(name, **settings)(command if wanted else _listed(command.__doc__))
    if words is None or "knowledge" in words:
        app.add_typer(knowledge.app, name="knowledge")
    else:
        app.command("knowledge")(_listed(knowledge.app.info.help))
    return app


def _listed(help_: str | None) -> Callable[[], None]:
    """Return a command that only has a line in a list."""

    def listed() -> None:
        raise AssertionError("a command that nobody named")

    listed.__doc__ = help_
    return listed
