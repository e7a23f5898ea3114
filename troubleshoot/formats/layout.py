"""A page as lines whose parts carry a style, so many columns wide; text joins them, a terminal colours them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import singledispatch
from typing import TypeAlias

from troubleshoot.formats.blocks import (
    Block,
    Choice,
    Choices,
    Code,
    Commands,
    Foreign,
    Items,
    Labelled,
    Lead,
    Line,
    Links,
    Prose,
    Reasons,
    Section,
)
from troubleshoot.formats.prose import set_markdown, wrapped
from troubleshoot.investigation.commands import Command

Part: TypeAlias = tuple[str, str]
"""A text and the word for its style."""
Row: TypeAlias = tuple[Part, ...]
LABEL = 11
"""Columns of the widest label, with its colon and a space."""
INDENT = "  "
WEIGHT = 12
PERCENT = 6
CODE = "code "
"""What the style of a line of code begins with; its language follows."""


def lay(blocks: Sequence[Block], width: int) -> Iterator[Row]:
    """Yield the lines of `blocks`; only code, commands and addresses may be longer than `width` columns."""
    before: Block | None = None
    for block in blocks:
        if before is not None and not _is_close(before, block):
            yield ()
        yield from _rows(block, width)
        before = block


def text_of(row: Row) -> str:
    """Return a line without its styles."""
    return "".join(text for text, _ in row).rstrip()


def _is_close(before: Block, block: Block) -> bool:
    """Return whether no empty line stands between two blocks."""
    heads = (Labelled, Line)
    return isinstance(before, Section) or (isinstance(before, heads) and isinstance(block, heads))


@singledispatch
def _rows(block: Block, _width: int) -> Iterator[Row]:
    raise TypeError(block)


@_rows.register
def _(block: Section, width: int) -> Iterator[Row]:
    yield from _set(block.text, "", "  ", width, "section")


@_rows.register
def _(block: Lead, width: int) -> Iterator[Row]:
    yield from _set(block.text, "", "", width, "title")


@_rows.register
def _(block: Labelled, width: int) -> Iterator[Row]:
    yield from _labelled(block.label, block.text, width, "title" if block.aside else "text")
    if block.aside:
        yield from _set(block.aside, " " * LABEL, " " * LABEL, width, "dim")
    if block.command:
        fits = LABEL + len(block.command) <= width
        yield ((" " * LABEL if fits else INDENT, ""), (block.command, "command"))


@_rows.register
def _(block: Line, width: int) -> Iterator[Row]:
    place = block.place
    yield from _labelled(
        block.label, f"{place.path}:{place.line}{f', in {place.function}' if place.function else ''}", width, "place"
    )
    if place.statement:
        yield ((" " * LABEL, ""), (place.statement, "statement"))


@_rows.register
def _(block: Prose, width: int) -> Iterator[Row]:
    for line in set_markdown(block.text, INDENT, width):
        yield ((line, "text"),)


@_rows.register
def _(block: Items, width: int) -> Iterator[Row]:
    for text in block.texts:
        yield from _set(text, "  - ", "    ", width, "text")


@_rows.register
def _(block: Foreign, width: int) -> Iterator[Row]:
    for text in block.texts:
        yield from _set(text, INDENT, "    ", width, "dim")


@_rows.register
def _(block: Reasons, width: int) -> Iterator[Row]:
    for row in block.rows:
        indent = " " * WEIGHT
        first, *others = wrapped(f"{row.where}: {row.what}", indent, indent, width)
        yield ((INDENT, ""), (f"{row.weight:<{WEIGHT - len(INDENT)}}", row.weight), (first[WEIGHT:], "text"))
        yield from (((line, "text"),) for line in others)


@_rows.register
def _(block: Choices, width: int) -> Iterator[Row]:
    for row in block.rows:
        yield from _choice(row, width)


def _choice(row: Choice, width: int) -> Iterator[Row]:
    indent = " " * (PERCENT + 1)
    first, *others = wrapped(f"{row.title} ({row.cause})", indent, indent, width)
    yield ((f"{row.percent:>{PERCENT - 1}}  ", "percent"), (first[PERCENT + 1 :], "title" if row.tell else "text"))
    yield from (((line, "title" if row.tell else "text"),) for line in others)
    if row.tell:
        yield from _set(row.tell, indent, indent, width, "text")
    if row.place:
        yield from _set(row.place, indent, indent, width, "place")


@_rows.register
def _(block: Code, width: int) -> Iterator[Row]:
    if block.caption:
        yield from _set(f"{block.caption}:", "", "  ", width, "dim")
        yield ()
    for line in block.text.split("\n") if block.text else ():
        yield ((line, f"{CODE}{block.language}"),)
    if block.left:
        yield ((f"… {block.left} more line{'s' if block.left > 1 else ''}", "dim"),)


@_rows.register
def _(block: Commands, width: int) -> Iterator[Row]:
    for row in block.rows:
        yield from _command(row, width)


def _command(row: Command, width: int) -> Iterator[Row]:
    yield ((INDENT, ""), (row.command, "command"))
    if row.what:
        yield from _set(row.what, "      ", "      ", width, "text")


@_rows.register
def _(block: Links, _width: int) -> Iterator[Row]:
    for url in block.urls:
        yield ((INDENT, ""), (url, "link"))


def _labelled(label: str, text: str, width: int, style: str) -> Iterator[Row]:
    indent = " " * LABEL
    first, *others = wrapped(text, indent, indent, width)
    yield ((f"{label + ':':<{LABEL}}", "label"), (first[LABEL:], style))
    yield from (((line, style),) for line in others)


def _set(text: str, first: str, other: str, width: int, style: str) -> Iterator[Row]:
    for line in wrapped(text, first, other, width):
        yield ((line, style),)
