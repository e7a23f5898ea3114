"""The commands: options in, one call, exit code out. A command is a file; this one has the way in and the wizard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from troubleshoot import __version__
from troubleshoot.cli import answer, begin, browse, fix, inspect, knowledge, packs, probe, run, scan, topics
from troubleshoot.cli.common import Answers, AnswersFile, App, Findings, Interpreter, Logs, Source, target_of

app = typer.Typer(
    cls=begin.Commands,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Find out why a FastAPI application misbehaves, and how to put it right.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"troubleshoot {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
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


app.command(begin.WORDS, hidden=True)(begin.words_command)
app.command("answer")(answer.answer_command)
app.command("resume")(begin.resume_command)
app.command("fix")(fix.fix_command)
app.command("scan", cls=scan.ScanCommand)(scan.scan_command)
app.command("run", context_settings={"allow_interspersed_args": False})(run.run_command)
app.command("probe")(probe.probe_command)
app.command("explain")(browse.explain_command)
app.command("inspect")(inspect.inspect_command)
app.command("list")(browse.list_command)
app.command("help")(topics.help_command)
app.add_typer(knowledge.app, name="knowledge")
