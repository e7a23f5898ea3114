"""`troubleshoot` without a command, and `resume`: a dialogue, or an answer where there is nobody to ask."""

from __future__ import annotations

import difflib
import os
import stat
import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup

from troubleshoot.cli.answer import print_answer
from troubleshoot.cli.common import AnswerFormat, load, on_terminal
from troubleshoot.cli.packs import content_of
from troubleshoot.errors import UsageError
from troubleshoot.investigation.intake import TOP

if TYPE_CHECKING:
    from troubleshoot.investigation.intake import Intake

WORDS = ":words"
"""The command that is meant where none is named."""
BEGUN = "troubleshoot.begun"
"""Where the context keeps how the program was started."""
LAST = ""
"""Stands for the session that was kept last in this folder."""
FEWEST_WORDS = 3
"""So many words are a sentence, even if the first is nearly the name of a command."""
RESUME = "--resume"
Plain = Annotated[bool, typer.Option("--plain", help="Numbered choices and no drawing, for screen readers.")]


class Commands(TyperGroup):
    """The commands; what names none of them is a complaint, a log or a folder of source."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the options before the command, or around words; `--resume` may stand without a file."""
        given = list(args)
        words = [word for word in given if not word.startswith("-")]
        ctx.allow_interspersed_args = (
            bool(words) and self.commands.keys().isdisjoint(words) and is_told(words, self.commands)
        )
        if RESUME in given:
            at = given.index(RESUME)
            if at + 1 == len(given) or given[at + 1].startswith("-"):
                given[at] = f"{RESUME}={LAST}"
        return super().parse_args(ctx, given)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that `args` name, or the one that takes them for what somebody says."""
        if args[0] not in self.commands and is_told(args, self.commands):
            return WORDS, self.commands[WORDS], args
        return super().resolve_command(ctx, args)


def is_told(words: Sequence[str], commands: Collection[str]) -> bool:
    """Return whether `words` are somebody's, or name files, and are no command with a mistake in its name."""
    first = words[0]
    if len(words) >= FEWEST_WORDS or " " in first.strip() or Path(first).exists():
        return True
    return len(words) > 1 and not difflib.get_close_matches(first, list(commands))


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
    """Go on with a dialogue where it was left."""
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
