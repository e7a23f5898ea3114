"""What the commands share: what they do before and after the work."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from troubleshoot.cli.packs import content_of, tell_overridden
from troubleshoot.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from troubleshoot.catalog.content import Content
    from troubleshoot.inspection.target import Target
    from troubleshoot.investigation.answer import Answer
    from troubleshoot.investigation.intake import Intake
    from troubleshoot.investigation.session import Session
    from troubleshoot.model import Catalog


class AnswerFormat(str, Enum):
    """How an answer is written."""

    text = "text"
    json = "json"
    markdown = "markdown"
    prompt = "prompt"


class ListFormat(str, Enum):
    """How a list is written."""

    text = "text"
    json = "json"


def load(context: typer.Context) -> tuple[Content, Catalog]:
    """Return the content that the command was told to use, and its catalog."""
    from troubleshoot.catalog import loading

    content = content_of(context)
    catalog = loading.load(content)
    tell_overridden(context, catalog)
    return content, catalog


def examined(catalog: Catalog, content: Content, intake: Intake) -> Session:
    """Return a session that has looked through everything in `intake`, with progress on a terminal."""
    from troubleshoot.investigation.examination import examine
    from troubleshoot.investigation.intake import Progress
    from troubleshoot.investigation.session import Session

    session = Session(catalog)
    progress = Progress()
    if tells_progress():
        from troubleshoot.ui.progress import shown

        progress = shown()
    examine(intake, session, content, progress)
    return session


def handed_over(
    complaint: str,
    logs: Sequence[str] | None,
    source: Path | None,
    findings: Sequence[Path] | None,
    answers: Sequence[str] | None,
    answers_file: Path | None,
    app: str | None,
    python: str | None,
) -> Intake:
    """Return what the options of a command hand over. Raises `UsageError` as `target_of` does."""
    from troubleshoot.investigation.intake import Intake

    return Intake(
        complaint=complaint,
        logs=logs or (),
        source=source,
        findings=findings or (),
        answers=answers or (),
        answers_file=answers_file,
        app=target_of(app, python),
    )


def target_of(app: str | None, python: str | None) -> Target | None:
    """Return the application that `--app` names, if it was given. Raises `UsageError`."""
    if app is not None:
        return target_at(app, python)
    if python is not None:
        raise UsageError("--python is the interpreter for an application; name that with --app MODULE:APP")
    return None


def target_at(app: str, python: str | None, app_dir: Path = Path(), timeout: float | None = None) -> Target:
    """Return an application; it is said which one and which interpreter imports it, unless they are ours or were named.

    Raises `UsageError`.
    """
    from troubleshoot.inspection.interpreter import Interpreter, interpreter_for
    from troubleshoot.inspection.target import DEFAULT_TIMEOUT, Target

    target = Target.of(app, app_dir)
    interpreter = Interpreter(path=python) if python else interpreter_for(target.app_dir)
    if python is None and interpreter.path not in ("", sys.executable):
        typer.echo(f"{target.name} is imported with {interpreter.path} (--python PATH takes another)", err=True)
    return replace(target, interpreter=interpreter, timeout=DEFAULT_TIMEOUT if timeout is None else timeout)


def exit_code(result: Answer) -> ExitCode:
    """Return the exit code that says what `result` has come to."""
    if result.skipped:
        return ExitCode.SKIPPED
    return ExitCode.NAMED if result.status == "diagnosed" else ExitCode.NO_CAUSE


def show_code(text: str, language: str) -> None:
    """Write code to standard output, highlighted on a terminal."""
    if is_drawn():
        from troubleshoot.ui.page import show_code

        show_code(text, language)
    else:
        write(text)


def is_drawn() -> bool:
    """Whether standard output is a terminal that can draw, or was declared one."""
    from troubleshoot.ui import draws

    return draws(sys.stdout)


def tells_progress() -> bool:
    """Whether standard error is a terminal on which a line can be written anew."""
    from troubleshoot.ui import draws

    return sys.stderr.isatty() and draws(sys.stderr)


def on_terminal() -> bool:
    """Return whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def write(text: str) -> None:
    """Write to standard output."""
    sys.stdout.write(text)
