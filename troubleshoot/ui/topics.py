"""Topics as pages to read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown, TableElement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from troubleshoot import program
from troubleshoot.ui.page import console

FENCE = re.compile(r"^```(\w*)\n(.*?)^```\n", re.DOTALL | re.MULTILINE)
PROMPT = "$ "


class _Table(TableElement):
    """A table in which long names go on in the next line, where rich would cut them."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for table in super().__rich_console__(console, options):
            assert isinstance(table, Table)
            for column in table.columns:
                column.overflow = "fold"
            yield table


class _Markdown(Markdown):
    elements: ClassVar = {**Markdown.elements, "table_open": _Table}


def show_topic(text: str) -> None:
    """Print a topic; what it has to copy stands in lines of its own, never wrapped."""
    out = console()
    heading, _, rest = text.partition("\n")
    out.print(Text(heading.removeprefix("# "), style="bold underline"))
    parts = FENCE.split(f"{rest}\n")
    for prose, language, code in zip(parts[::3], [*parts[1::3], ""], [*parts[2::3], ""], strict=True):
        if prose.strip():
            out.print()
            out.print(_Markdown(prose.strip(), hyperlinks=False))
        if code:
            out.print()
        for line in code.splitlines():
            command = language == "console" and line.startswith(PROMPT)
            out.print(Text(f"  {line.removeprefix(PROMPT)}", style="green" if command else ""), soft_wrap=True)


def show_topics(headings: Mapping[str, str]) -> None:
    """Print what topics there are, one a line."""
    out = console()
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="green")
    table.add_column()
    for name, heading in headings.items():
        table.add_row(Text(name), Text(heading))
    out.print(Padding(table, (0, 0, 1, 2)))
    out.print(Text(f"`{program.name()} help TOPIC` shows one.", style="dim"))
