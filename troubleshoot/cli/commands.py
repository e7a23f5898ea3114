"""The commands by name; each is read from its file when it is run, for what it takes costs milliseconds to find out."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

WORDS = ":words"
"""The command that is meant where none is named."""
LAST = ""
"""Stands for the session that was kept last in this folder."""
FEWEST_WORDS = 3
"""So many words are a sentence, even if the first is nearly the name of a command."""
RESUME = "--resume"
CHANGED, NEWEST = "--changed", "HEAD"


class ScanCommand(TyperCommand):
    """Lets `--changed` stand without a reference, also before a file or folder."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put the reference in where there is none."""
        options = args[: args.index("--")] if "--" in args else args
        for index in [number for number, item in enumerate(options) if item == CHANGED]:
            behind = args[index + 1 : index + 2]
            if not behind or behind[0].startswith("-") or Path(behind[0]).exists():
                args = [*args[:index], f"{CHANGED}={NEWEST}", *args[index + 1 :]]
        return super().parse_args(ctx, args)


class Listed(NamedTuple):
    """A command as it is listed: its help, the module and the name of what runs it, and how typer treats that."""

    help: str
    module: str
    function: str
    settings: Mapping[str, Any] = {}


COMMANDS: Mapping[str, Listed] = {
    "answer": Listed(
        "Print the cause and its fix; asks nothing. `tail -100 app.log | troubleshoot answer --log -`.",
        "answer",
        "answer_command",
    ),
    "resume": Listed("Go on with a dialogue where it was left.", "begin", "resume_command"),
    "fix": Listed("Change your source, or without source render an example in your own names.", "fix", "fix_command"),
    "scan": Listed("Search source for causes; runs nothing of it.", "scan", "scan_command", {"cls": ScanCommand}),
    "run": Listed(
        "Run your server and name the cause beside each error that is known; its output and exit code stay its own.",
        "run",
        "run_command",
        {"context_settings": {"allow_interspersed_args": False}},
    ),
    "probe": Listed("List the snippets that measure what a question asks, or print one.", "probe", "probe_command"),
    "explain": Listed("Explain a cause: how to recognise it, what happens, what to do.", "browse", "explain_command"),
    "inspect": Listed(
        "Import an application and show what FastAPI really built: middleware, routes, dependencies, and mistakes.",
        "inspect",
        "inspect_command",
    ),
    "list": Listed("List the causes that are known; `list WORD` searches them.", "browse", "list_command"),
    "mcp": Listed(
        "Serve coding agents over MCP: diagnose, explain, fix, scan and more as tools.", "mcp", "mcp_command"
    ),
    "help": Listed(
        "Explain the program itself, by topic; `COMMAND --help` lists a command's options.", "topics", "help_command"
    ),
    "knowledge": Listed("Check, test and read the knowledge itself.", "knowledge", "app"),
    WORDS: Listed("", "begin", "words_command", {"hidden": True}),
}
"""In the order in which they are listed."""


class Commands(TyperGroup):
    """The commands; what names none of them is a complaint, a log or a folder of source."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for name, listed in COMMANDS.items():
            self.add_command(TyperCommand(name, help=listed.help, hidden=name == WORDS))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the options before the command, or around words; `--resume` may stand without a file."""
        given = list(args)
        words = [word for word in given if not word.startswith("-")]
        ctx.allow_interspersed_args = bool(words) and COMMANDS.keys().isdisjoint(words) and is_told(words)
        if RESUME in given:
            at = given.index(RESUME)
            if at + 1 == len(given) or given[at + 1].startswith("-"):
                given[at] = f"{RESUME}={LAST}"
        return super().parse_args(ctx, given)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return, with all that it takes, the command that `args` name, or the one for what somebody says."""
        if args[0] not in COMMANDS and is_told(args):
            return WORDS, command(WORDS), args
        name, found, rest = super().resolve_command(ctx, args)
        return name, found and command(args[0]), rest


def is_told(words: Sequence[str]) -> bool:
    """Return whether `words` are somebody's, or name files, and are no command with a mistake in its name."""
    first = words[0]
    if len(words) >= FEWEST_WORDS or " " in first.strip() or Path(first).exists():
        return True
    return len(words) > 1 and not difflib.get_close_matches(first, list(COMMANDS))


def command(name: str) -> Any:
    """Return a command with all that it takes."""
    listed = COMMANDS[name]
    found = getattr(import_module(f"troubleshoot.cli.{listed.module}"), listed.function)
    app = found
    if not isinstance(found, typer.Typer):
        app = typer.Typer(rich_markup_mode=None, add_completion=False)
        app.command(name, **listed.settings)(found)
    made = typer.main.get_command(app)
    made.help = listed.help
    return made
