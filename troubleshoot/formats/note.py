"""A cause in a few lines, below what another program says of the same failure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from troubleshoot import program
from troubleshoot.formats.blocks import Block, Labelled, Line
from troubleshoot.formats.layout import lay, text_of
from troubleshoot.formats.page import page_of
from troubleshoot.formats.prose import page_width
from troubleshoot.formats.remark import short
from troubleshoot.investigation.answer import Answer


def write(answer: Answer) -> str:
    """Return the cause that is diagnosed, the person's own line, what to do, and the command for more."""
    return "".join(f"{text_of(row)}\n" for row in lay(tuple(_blocks(answer)), page_width()))


def _blocks(answer: Answer) -> Iterator[Block]:
    for block in page_of(answer).short:
        if isinstance(block, Line):
            yield block._replace(place=replace(block.place, path=short(block.place.path)))
        elif isinstance(block, Labelled):
            yield block
    more = f"{program.name()} explain {answer.ranked[0].cause.id}"
    yield Labelled("More", "why this happens, and the fix in full", command=more)
