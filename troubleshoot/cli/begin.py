"""`troubleshoot` without a command, and `resume`: a dialogue, or an answer where there is nobody to ask."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from troubleshoot.cli.answer import print_answer
from troubleshoot.cli.commands import LAST
from troubleshoot.cli.common import AnswerFormat, load, on_terminal
from troubleshoot.cli.options import Plain
from troubleshoot.cli.packs import content_of
from troubleshoot.errors import UsageError
from troubleshoot.investigation.intake import TOP

if TYPE_CHECKING:
    from troubleshoot.investigation.intake import Intake

BEGUN = "troubleshoot.begun"
"""Where the context keeps how the program was started."""


class Begun(NamedTuple):
    """How the program was started without a command."""

    intake: Intake
    plain: bool = False
    save: Path | None = None
    resume: str | None = None


def begin(context: typer.Context, begun: Begun) -> None:
    """Lead a dialogue on a terminal; print an answer to what comes through a pipe."""
    if not on_terminal() and begun.resume is None and begun.save is None:
        intake = replace(begun.intake, logs=[*begun.intake.logs, "-"]) if _is_piped() else begun.intake
        if not intake.is_empty:
            print_answer(context, intake, TOP, AnswerFormat.text)
    from troubleshoot.ui.start import run_wizard

    # Knowledge of one's own may have mistakes, which are said before anything is asked.
    content = content_of(context)
    loaded = load(context) if content.name or content.beside else None
    code = run_wizard(
        lambda: loaded or load(context),
        begun.intake,
        plain=begun.plain,
        save=begun.save,
        resume=_kept(begun.resume),
    )
    raise typer.Exit(code)


def _is_piped() -> bool:
    """Return whether something comes through a pipe, or from a file."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError):
        return False
    return (stat.S_ISFIFO(mode) or stat.S_ISREG(mode)) and bool(sys.stdin.buffer.peek(1))  # type: ignore[union-attr]


def words_command(context: typer.Context, words: list[str]) -> None:
    """Take words for a complaint, and files and folders for what they hold."""
    begun: Begun = context.meta[BEGUN]
    there = [word for word in words if Path(word).exists()]
    folders = [Path(word) for word in there if Path(word).is_dir()]
    if len(folders) > 1:
        raise UsageError(f"{folders[1]}: only one folder of source can be looked at")
    intake = replace(
        begun.intake,
        complaint=" ".join(word for word in words if word not in there),
        logs=[*begun.intake.logs, *(word for word in there if not Path(word).is_dir())],
        source=folders[0] if folders else begun.intake.source,
    )
    begin(context, begun._replace(intake=intake))


def resume_command(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="A kept session; the last of this folder.", show_default=False)
    ] = LAST,
    plain: Plain = False,
) -> None:
    """Take up a kept session."""
    from troubleshoot.investigation.intake import Intake

    begin(context, Begun(intake=Intake(), plain=plain, resume=file))


def _kept(name: str | None) -> Path | None:
    if name is None or name != LAST:
        return None if name is None else Path(name)
    from troubleshoot.investigation.shelf import last_kept

    found = last_kept(Path.cwd())
    if found is None:
        raise UsageError("nothing has been kept in this folder; name the file with --resume FILE")
    return found[0]
