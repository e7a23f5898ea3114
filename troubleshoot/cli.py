"""The commands: options in, one call, exit code out."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from troubleshoot import __version__
from troubleshoot.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from troubleshoot.answer import Answer
    from troubleshoot.content import Content
    from troubleshoot.intake import Intake, ProgressFor
    from troubleshoot.model import Catalog
    from troubleshoot.session import Session

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Find out why a FastAPI application misbehaves, and how to put it right.",
)
knowledge = typer.Typer(rich_markup_mode=None, help="Check, test and read the knowledge itself.")
app.add_typer(knowledge, name="knowledge")


class AnswerFormat(str, Enum):
    """How an answer is written."""

    text = "text"
    json = "json"
    markdown = "markdown"


class ListFormat(str, Enum):
    """How a list is written."""

    text = "text"
    json = "json"


Complaint = Annotated[str, typer.Argument(help="What is wrong, in your own words.", show_default=False)]
Logs = Annotated[
    list[str] | None, typer.Option("--log", metavar="FILE", help="A log or traceback; - is standard input. Repeatable.")
]
Answers = Annotated[
    list[str] | None, typer.Option("--answer", metavar="QUESTION=OPTION", help="Something you know. Repeatable.")
]
AnswersFile = Annotated[
    Path | None, typer.Option("--answers", metavar="FILE", help="A YAML or JSON file that maps questions to options.")
]
Families = Annotated[str | None, typer.Option("--family", metavar="FAMILY", help="Only this family.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"troubleshoot {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def wizard(
    context: typer.Context,
    log: Logs = None,
    answer: Answers = None,
    answers: AnswersFile = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Numbered choices and no drawing, for screen readers.")
    ] = False,
    save: Annotated[Path | None, typer.Option("--save", metavar="FILE", help="Keep the session in this file.")] = None,
    resume: Annotated[Path | None, typer.Option("--resume", metavar="FILE", help="Go on with a kept session.")] = None,
    knowledge: Annotated[
        Path | None,
        typer.Option("--knowledge", metavar="DIR", help="A folder with knowledge/ and templates/ to use instead."),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Find out why a FastAPI application misbehaves. Without a command: a dialogue in the terminal."""
    context.obj = knowledge
    if context.invoked_subcommand is not None:
        return
    from troubleshoot.intake import Intake
    from troubleshoot.ui.wizard import run_wizard

    content, catalog = _load(context)
    intake = Intake(logs=log or (), answers=answer or (), answers_file=answers)
    raise typer.Exit(run_wizard(catalog, content, intake, plain=plain, save=save, resume=resume))


@app.command("answer")
def answer_command(
    context: typer.Context,
    complaint: Complaint = "",
    log: Logs = None,
    answer: Answers = None,
    answers: AnswersFile = None,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="How many causes to name at most.")] = 3,
    format: Annotated[AnswerFormat, typer.Option("--format", help="How to write the answer.")] = AnswerFormat.text,  # noqa: A002
) -> None:
    """Print the cause and its fix; asks nothing. `tail -100 app.log | troubleshoot answer --log -`."""
    from troubleshoot.answer import answer as compute
    from troubleshoot.intake import Intake
    from troubleshoot.rendering import Renderer

    intake = Intake(complaint=complaint, logs=log or (), answers=answer or (), answers_file=answers)
    if intake.is_empty:
        raise UsageError("nothing to go by: describe what is wrong, or add --log FILE or --answer QUESTION=OPTION")
    content, catalog = _load(context)
    session = _examined(catalog, content, intake)
    renderer = Renderer(content, catalog)
    result = compute(session, renderer, top)
    if format is AnswerFormat.json:
        from troubleshoot.formats import json

        _print(json.write(result))
    elif format is AnswerFormat.markdown:
        from troubleshoot.formats import markdown

        _print(markdown.write(result, renderer))
    else:
        _show(result)
    raise typer.Exit(_exit_code(result))


@app.command("fix")
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
    answer: Answers = None,
    answers: AnswersFile = None,
) -> None:
    """Render a fix in your own names, to standard output or to a file."""
    from troubleshoot.catalog import find_fix
    from troubleshoot.intake import Intake
    from troubleshoot.output import write_file
    from troubleshoot.parameters import fill, parse_settings
    from troubleshoot.rendering import Renderer

    content, catalog = _load(context)
    found, name = find_fix(catalog, cause)
    intake = Intake(complaint=complaint, logs=log or (), answers=answer or (), answers_file=answers)
    session = _examined(catalog, content, intake)
    candidate = next(item for item in session.ranking() if item.cause == found)
    evidence = [reason.evidence for reason in candidate.reasons]
    prompt = None
    if not defaults and _on_terminal():
        from troubleshoot.ui.asker import parameter_prompt

        prompt = parameter_prompt()
    definition = catalog.causes[found].fixes[name]
    values = fill(definition.parameters, evidence, parse_settings(setting or ()), prompt)
    snippet = Renderer(content, catalog).fix(catalog.causes[found], name, values)
    if output is None:
        _show_code(snippet.text, snippet.language)
    else:
        write_file(output, snippet.text, force=force)
        typer.echo(f"wrote {output}: {definition.title}", err=True)
        for step in (*definition.steps, f"Check: {definition.check}"):
            typer.echo(f"  - {step}", err=True)
    raise typer.Exit(ExitCode.SKIPPED if session.skipped else ExitCode.NAMED)


@app.command("explain")
def explain_command(
    context: typer.Context,
    cause: Annotated[str, typer.Argument(metavar="CAUSE", help="The id of a cause, such as `list` shows.")],
    format: Annotated[ListFormat, typer.Option("--format", help="How to write it.")] = ListFormat.text,  # noqa: A002
) -> None:
    """Explain a cause: how to recognise it, what happens, what to do."""
    from troubleshoot.catalog import find_fix
    from troubleshoot.formats import explanation

    _, catalog = _load(context)
    found, _ = find_fix(catalog, cause)
    if format is ListFormat.json:
        _print(explanation.write_json(catalog, catalog.causes[found]))
    elif _is_drawn():
        from troubleshoot.ui.page import show_explanation

        show_explanation(catalog, catalog.causes[found])
    else:
        _print(explanation.write_text(catalog, catalog.causes[found]))


@app.command("list")
def list_command(
    context: typer.Context,
    family: Families = None,
    format: Annotated[ListFormat, typer.Option("--format", help="How to write the list.")] = ListFormat.text,  # noqa: A002
) -> None:
    """List the causes that are known."""
    from troubleshoot.formats import listing

    _, catalog = _load(context)
    causes = listing.select(catalog, family)
    if format is ListFormat.json:
        _print(listing.write_json(causes))
    elif _is_drawn():
        from troubleshoot.ui.page import show_list

        show_list(catalog, causes)
    else:
        _print(listing.write_text(catalog, causes))


@knowledge.command("check")
def check_command(context: typer.Context) -> None:
    """Check every file of the knowledge: form, references, patterns, templates."""
    from troubleshoot.knowledge import check

    content = _content(context)
    _print(check(content))


@knowledge.command("test")
def test_command(context: typer.Context) -> None:
    """Run the knowledge's own examples, those that must point at their cause and those that must not."""
    from troubleshoot.knowledge import test

    content, catalog = _load(context)
    report = test(content, catalog)
    _print(report.text)
    raise typer.Exit(ExitCode.KNOWLEDGE if report.failed else ExitCode.NAMED)


@knowledge.command("tree")
def tree_command(
    context: typer.Context,
    depth: Annotated[int, typer.Option("--depth", min=1, max=6, metavar="N", help="Questions in a row, at most.")] = 2,
    symptom: Annotated[str | None, typer.Option("--symptom", metavar="ID", help="Start from this symptom.")] = None,
) -> None:
    """Unroll the dialogue into the decision tree that it is."""
    from troubleshoot.knowledge import tree

    _, catalog = _load(context)
    for line in tree(catalog, depth, symptom):
        _print(line + "\n")


def _content(context: typer.Context) -> Content:
    from troubleshoot.content import find_content

    return find_content(context.obj)


def _load(context: typer.Context) -> tuple[Content, Catalog]:
    from troubleshoot.catalog import load

    content = _content(context)
    return content, load(content)


def _examined(catalog: Catalog, content: Content, intake: Intake) -> Session:
    from troubleshoot.intake import examine, no_progress
    from troubleshoot.session import Session

    session = Session(catalog)
    progress: ProgressFor = no_progress
    if sys.stderr.isatty():
        from troubleshoot.ui.progress import bar

        progress = bar
    examine(intake, session, content, progress)
    return session


def _exit_code(result: Answer) -> ExitCode:
    if result.skipped:
        return ExitCode.SKIPPED
    return ExitCode.NAMED if result.status == "diagnosed" else ExitCode.NO_CAUSE


def _show(result: Answer) -> None:
    if _is_drawn():
        from troubleshoot.ui.page import show_answer

        show_answer(result)
    else:
        from troubleshoot.formats import text

        _print(text.write(result))


def _show_code(text: str, language: str) -> None:
    if _is_drawn():
        from troubleshoot.ui.page import show_code

        show_code(text, language)
    else:
        _print(text)


def _is_drawn() -> bool:
    """Whether standard output is a terminal that can draw, or was declared one."""
    from troubleshoot.ui import draws

    return draws(sys.stdout)


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _print(text: str) -> None:
    sys.stdout.write(text)
