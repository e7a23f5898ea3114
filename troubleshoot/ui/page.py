"""The answer as a page worth looking at."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import groupby

from rich import box
from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.syntax import Syntax
from rich.text import Text
from rich.theme import Theme

from troubleshoot import program
from troubleshoot.catalog.naming import origin
from troubleshoot.fixes.rendering import Snippet
from troubleshoot.formats.fitting import fitted
from troubleshoot.formats.layout import CODE, Row, lay, text_of
from troubleshoot.formats.page import page_of
from troubleshoot.formats.prose import WIDTH
from troubleshoot.investigation.answer import Answer
from troubleshoot.model import Catalog, Cause
from troubleshoot.redaction import plain
from troubleshoot.versions.names import TITLES
from troubleshoot.versions.ranges import in_words

DIFF = {"+++": "bold", "---": "bold", "@@": "cyan", "+": "green", "-": "red"}
"""The styles of a diff's lines, by how they start."""
STYLES = {
    "section": "bold underline",
    "label": "bold green",
    "title": "bold",
    "dim": "dim",
    "place": "cyan",
    "statement": "bold red",
    "command": "green",
    "percent": "green",
    "link": "blue",
    "decisive": "bold green",
    "strong": "green",
    "some": "green",
    "slight": "dim",
    "against": "red",
}
"""How the styles of a page's parts look; what is not here looks like text."""
THEME = Theme({"markdown.code": "cyan", "markdown.code_block": "cyan"})


def console(*, error: bool = False) -> Console:
    """Return a console that never reads markup out of foreign text."""
    stream = sys.stderr if error else sys.stdout
    made = Console(file=stream, markup=False, highlight=False, emoji=False, theme=THEME)
    made.width = min(made.width, WIDTH)
    return made


def show_answer(answer: Answer, to: Console | None = None) -> None:
    """Print the whole answer."""
    page = page_of(answer)
    out = to or console()
    show_rows(lay((*page.short, *page.rest), out.width), out)


def show_short(answer: Answer, rows: int, to: Console | None = None) -> None:
    """Print what of the answer comes first, in at most so many rows of the terminal."""
    out = to or console()
    show_rows(fitted(page_of(answer).short, out.width, rows), out)


def show_rows(rows: Iterable[Row], to: Console) -> None:
    """Print the lines of a page in colour; those that are longer than the terminal is wide are left whole."""
    for is_code, several in groupby(rows, key=lambda row: row[0][1] if row and row[0][1].startswith(CODE) else ""):
        if is_code:
            text = "\n".join(text_of(row) for row in several)
            to.print(_coloured(text, is_code.removeprefix(CODE)), soft_wrap=True)
            continue
        for row in several:
            line = Text()
            for text, style in row:
                line.append(text, STYLES.get(style, ""))
            line.highlight_regex(r"`[^`]+`", "cyan")
            to.print(line, soft_wrap=True)


def _coloured(text: str, language: str) -> Text:
    if language != "diff":
        made = Syntax("", language, theme="ansi_dark", background_color="default").highlight(text)
        made.rstrip()
        return made
    made = Text()
    for line in plain(text).split("\n"):
        made.append(line + "\n", next((DIFF[start] for start in DIFF if line.startswith(start)), ""))
    made.rstrip()
    return made


def show_diff(diff: str, to: Console | None = None) -> None:
    """Print a unified diff, never wrapped."""
    (to or console()).print(_coloured(diff.rstrip("\n"), "diff"), soft_wrap=True)


def show_code(text: str, language: str, to: Console | None = None) -> None:
    """Print code in colour, never wrapped, with nothing around it that would spoil a copy."""
    (to or console()).print(_coloured(text.rstrip(), language), soft_wrap=True)


def show_snippet(snippet: Snippet, to: Console) -> None:
    """Print a snippet in colour under its file name."""
    to.print(Text(f"{snippet.file_name}:", style="dim"))
    to.print()
    show_code(snippet.text, snippet.language, to)


def show_explanation(catalog: Catalog, cause: Cause) -> None:
    """Print everything worth reading about a cause."""
    out = console()
    head = Text(cause.title, style="bold")
    head.append(f"\n{cause.id}   {cause.frequency}{origin(catalog.origins.get(cause.id, ''))}", style="dim")
    out.print(Panel(head, border_style="green", box=box.ROUNDED))
    _section("How to recognise it", out)
    out.print(Padding(Text(cause.tell), (0, 2)))
    for symptom, word in cause.symptoms.items():
        out.print(Padding(Text(f"• {word}: {catalog.symptoms[symptom].title}"), (0, 2)))
    _section("What happens", out)
    out.print(Padding(Markdown(cause.explanation, hyperlinks=False), (0, 2)))
    notes = [*(f"{TITLES[package]} {in_words(range_)}" for package, range_ in cause.versions.items()), *cause.changed]
    if notes:
        _section("Versions", out)
        for note in notes:
            out.print(Padding(Text(f"• {note}"), (0, 2)))
    _section("Fixes", out)
    for name, fix in cause.fixes.items():
        out.print(Padding(Text(f"• {fix.title}"), (0, 2)))
        out.print(Text(f"    {program.name()} fix {cause.id}#{name}", style="green"), soft_wrap=True)
    _section("Read more", out)
    for reference in cause.references:
        out.print(Text(f"  {reference}", style="blue"), soft_wrap=True)


def _section(title: str, to: Console) -> None:
    to.print()
    to.print(Text(title, style="bold underline"))
