"""The answer as Markdown, for a ticket or a pull request."""

from __future__ import annotations

import re
from functools import singledispatch

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
from troubleshoot.formats.page import page_of
from troubleshoot.investigation.answer import Answer

MARKS = re.compile(r"[\\`*_\[\]|!~#]")
"""What means something in Markdown."""
TICKS = re.compile("`+")
BREAK = "  \n"


def write(answer: Answer) -> str:
    """Return `answer` as Markdown."""
    page = page_of(answer)
    blocks = (_written(block) for block in (*page.short, *page.rest))
    return "\n\n".join((f"# {page.title}", *filter(None, blocks))) + "\n"


def as_it_is(text: str) -> str:
    """Return foreign text as one line that means nothing in Markdown."""
    return MARKS.sub(r"\\\g<0>", " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;"))


def as_code(text: str) -> str:
    """Return foreign text as a span of code, whatever stands in it."""
    ticks = "`" * (1 + max((len(run) for run in TICKS.findall(text)), default=0))
    gap = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{gap}{text}{gap}{ticks}"


@singledispatch
def _written(block: Block) -> str:
    raise TypeError(block)


@_written.register
def _(block: Section) -> str:
    return f"## {as_it_is(block.text)}"


@_written.register
def _(block: Lead) -> str:
    return block.text


@_written.register
def _(block: Labelled) -> str:
    below = (as_code(text) for text in (block.command,) if text)
    aside = f" ({block.aside})" if block.aside else ""
    return BREAK.join((f"**{block.label}:** {block.text}{aside}", *below))


@_written.register
def _(block: Line) -> str:
    place = block.place
    said = as_code(f"{place.path}:{place.line}") + (f", in {as_code(place.function)}" if place.function else "")
    return BREAK.join([f"**{block.label}:** {said}", *([as_code(place.statement)] if place.statement else [])])


@_written.register
def _(block: Prose) -> str:
    return block.text.strip("\n")


@_written.register
def _(block: Items) -> str:
    return "\n".join(f"- {text}" for text in block.texts)


@_written.register
def _(block: Foreign) -> str:
    return "\n".join(f"- {as_it_is(text)}" for text in block.texts)


@_written.register
def _(block: Reasons) -> str:
    rows = (f"| {row.weight} | {as_it_is(row.where)} | {as_it_is(row.what)} |" for row in block.rows)
    return "\n".join(("| weight | where | what |", "| --- | --- | --- |", *rows))


@_written.register
def _(block: Choices) -> str:
    return "\n".join(_choice(row) for row in block.rows)


def _choice(row: Choice) -> str:
    title = f"**{row.title}**" if row.tell else row.title
    said = "".join((f": {row.tell}" if row.tell else "", f" ({as_code(row.place)})" if row.place else ""))
    return f"- {row.percent}: {title} ({as_code(row.cause)}){said}"


@_written.register
def _(block: Code) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in TICKS.findall(block.text)), default=0))
    caption = f"{as_code(block.caption)}\n\n" if block.caption else ""
    return f"{caption}{fence}{block.language}\n{block.text}\n{fence}"


@_written.register
def _(block: Commands) -> str:
    return "\n".join(f"- {as_code(row.command)}{f': {row.what}' if row.what else ''}" for row in block.rows)


@_written.register
def _(block: Links) -> str:
    return "\n".join(f"- <{url}>" for url in block.urls)
