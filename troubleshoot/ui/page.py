"""The answer as a page worth looking at."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich import box
from rich.console import Console, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from troubleshoot import program
from troubleshoot.fixes.rendering import Snippet
from troubleshoot.formats.changes import remarks
from troubleshoot.formats.text import (
    CHANGES_SHOWN,
    LIKELY,
    change_title,
    misfit_text,
    more_changes,
    percent,
    question_lines,
    reason_place,
    unknown_text,
    verified_text,
    versions_text,
)
from troubleshoot.investigation.answer import Answer, RankedCause, RenderedFix
from troubleshoot.model import Catalog, Cause, Reason
from troubleshoot.redaction import plain
from troubleshoot.versions.names import TITLES
from troubleshoot.versions.ranges import in_words

DIFF = {"+++": "bold", "---": "bold", "@@": "cyan", "+": "green", "-": "red"}
"""The styles of a diff's lines, by how they start."""
WIDEST = 110
THEME = Theme({"markdown.code": "cyan", "markdown.code_block": "cyan"})
BAR = 12


def console(*, error: bool = False) -> Console:
    """Return a console that never reads markup out of foreign text."""
    stream = sys.stderr if error else sys.stdout
    made = Console(file=stream, markup=False, highlight=False, emoji=False, theme=THEME)
    made.width = min(made.width, WIDEST)
    return made


def show_answer(answer: Answer, to: Console | None = None, *, in_full: bool = False) -> None:
    """Print the whole answer; `in_full` shows the page of the first cause even where it is only likely."""
    out = to or console()
    if answer.status == "diagnosed":
        show_cause(answer.ranked[0], out)
        show_runners_up("Also possible", answer.ranked[1:], out)
    elif answer.status == "likely":
        _show_tells(answer.ranked[: answer.named], out)
    else:
        out.print(Panel(Text(unknown_text(answer)), border_style="yellow", box=box.ROUNDED))
        if not answer.is_foreign:
            show_runners_up("The nearest causes, for what they are worth", answer.ranked, out)
    if in_full and answer.status != "diagnosed" and answer.ranked:
        show_cause(answer.ranked[0], out)
    if answer.next_question:
        out.print()
        for line in question_lines(answer.next_question):
            out.print(Text(line))
    if answer.versions:
        out.print()
        out.print(Text(versions_text(answer), style="dim"))
    for item in answer.skipped:
        out.print(Text(f"not examined: {item.location or item.source}: {item.why}", style="yellow"))


def _show_tells(ranked: Sequence[RankedCause], to: Console) -> None:
    _section(LIKELY, to)
    table = Table.grid(padding=(0, 2, 1, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for item in ranked:
        label = Text(item.cause.title, style="bold")
        label.append(f"  {item.cause.id}\n", style="dim")
        label.append(item.cause.tell)
        for reason in item.reasons[:1]:
            label.append(f"\nBecause {reason_place(reason)}: {reason.evidence.what}", style="dim")
        table.add_row(Text(percent(item.probability), style="green"), label)
    to.print(Padding(table, (0, 0, 0, 2)))
    to.print(Text(f"  `troubleshoot explain {ranked[0].cause.id}` says more, and how to put it right.", style="dim"))


def show_cause(ranked: RankedCause, to: Console) -> None:
    """Print one cause: title, probability, reasons, explanation, fixes."""
    head = Text(ranked.cause.title, style="bold")
    head.append(f"\n{ranked.cause.id}", style="dim")
    head.append(f"   {bar(ranked.probability)} {percent(ranked.probability)}", style="green")
    to.print()
    to.print(Panel(head, title=Text("Cause"), title_align="left", border_style="green", box=box.ROUNDED))
    if ranked.reasons:
        _section("Why", to)
        to.print(Padding(_reasons(ranked.reasons), (0, 0, 0, 2)))
    _section("What happens", to)
    to.print(Padding(Markdown(ranked.cause.explanation, hyperlinks=False), (0, 2)))
    for news in ranked.cause.changed:
        to.print(Padding(Text(f"• {news}"), (0, 2)))
    for change in ranked.changes[:CHANGES_SHOWN]:
        _section(f"Fix: {change_title(change, ranked)}", to)
        show_diff(change.diff, to)
        for remark in remarks(change.proposal):
            to.print(Padding(Text(f"• {remark}"), (0, 2)))
    if ranked.changes:
        to.print(Padding(Text(more_changes(ranked), style="dim"), (1, 2)))
    for fix in () if ranked.changes else ranked.fixes:
        show_fix(fix, to)
    _section("Read more", to)
    for reference in ranked.cause.references:
        to.print(Text(f"  {reference}", style="blue"), soft_wrap=True)


def show_diff(diff: str, to: Console | None = None) -> None:
    """Print a unified diff, never wrapped."""
    out = to or console()
    for line in diff.splitlines():
        style = next((DIFF[start] for start in DIFF if line.startswith(start)), "")
        out.print(Text(plain(line), style=style), soft_wrap=True)


def show_fix(fix: RenderedFix, to: Console) -> None:
    """Print one fix with its code, and how to see that it worked."""
    _section(f"Fix: {fix.title}", to)
    if fix.misfit:
        to.print(Padding(Text(misfit_text(fix), style="yellow"), (0, 2)))
    show_snippet(fix.snippet, to)
    lines = [*fix.steps, f"Check: {fix.check}", *([f"Risk: {fix.risk}"] if fix.risk else [])]
    for line in lines:
        to.print(Padding(Text(f"• {line}"), (0, 2)))
    to.print(Padding(Text(verified_text(fix), style="dim"), (0, 2)))


def show_runners_up(title: str, ranked: Sequence[RankedCause], to: Console) -> None:
    """Print causes one a line with their probabilities."""
    if not ranked:
        return
    _section(title, to)
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for item in ranked:
        label = Text(item.cause.title)
        label.append(f"  {item.cause.id}", style="dim")
        table.add_row(Text(percent(item.probability), style="green"), label)
    to.print(Padding(table, (0, 0, 0, 2)))


def show_code(text: str, language: str) -> None:
    """Print code in colour, with nothing around it that would spoil a copy."""
    console().print(Syntax(text.rstrip(), language, theme="ansi_dark", background_color="default", word_wrap=False))


def show_explanation(catalog: Catalog, cause: Cause) -> None:
    """Print everything worth reading about a cause."""
    out = console()
    head = Text(cause.title, style="bold")
    head.append(f"\n{cause.id}   {cause.frequency}", style="dim")
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


def bar(probability: float) -> str:
    """Return a probability drawn as a bar."""
    filled = round(BAR * probability)
    return "█" * filled + "░" * (BAR - filled)


def _section(title: str, to: Console) -> None:
    to.print()
    to.print(Text(title, style="bold underline"))


def _reasons(reasons: Sequence[Reason]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for reason in reasons:
        where = reason.evidence.location or reason.evidence.source
        text = Text(f"{where}  ", style="cyan")
        text.append(reason.evidence.what, style="default")
        table.add_row(Text(f"{reason.bits:+.1f} bits", style="green" if reason.bits > 0 else "red"), text)
    return table


def show_snippet(snippet: Snippet, to: Console) -> None:
    """Print a snippet in colour under its file name."""
    syntax = Syntax(
        snippet.text.rstrip(), snippet.language, theme="ansi_dark", background_color="default", word_wrap=True
    )
    to.print(Panel(syntax, title=Text(snippet.file_name), title_align="left", border_style="dim", box=box.ROUNDED))
