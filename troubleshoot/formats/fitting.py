"""What comes first of a page, made to fit a screen: code is cut first, then the tells, then what stands last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from troubleshoot.formats.blocks import Block, Choices, Code
from troubleshoot.formats.layout import Row, lay, text_of

LEAST = 3
"""Lines of code that say something; of less, only the number is told."""


def fitted(blocks: Sequence[Block], width: int, rows: int) -> list[Row]:
    """Return `blocks` as lines that take at most so many rows of a screen, `width` columns wide."""
    laid: list[Row] = []
    for version in _versions(blocks):
        laid = list(lay(version, width))
        if height(laid, width) <= rows:
            return laid
    while laid and height(laid, width) > rows:
        laid.pop()
    return laid


def height(laid: Sequence[Row], width: int) -> int:
    """Return how many rows of a screen lines take, those included that are longer than it is wide."""
    return sum(max(1, -(-len(text_of(row)) // width)) for row in laid)


def _versions(blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """Yield `blocks` as they are, and then shorter and shorter."""
    yield blocks
    longest = max((block.text.count("\n") + 1 for block in blocks if isinstance(block, Code)), default=0)
    for kept in (*range(longest - 2, LEAST - 1, -1), 0):
        if longest:
            yield [_cut(block, kept) if isinstance(block, Code) else block for block in blocks]
    if any(isinstance(block, Choices) for block in blocks):
        yield [_without_tells(block) if isinstance(block, Choices) else block for block in blocks]


def _cut(code: Code, kept: int) -> Code:
    lines = code.text.split("\n")
    return code._replace(text="\n".join(lines[:kept]), left=len(lines) - kept) if len(lines) > kept else code


def _without_tells(choices: Choices) -> Choices:
    return Choices(tuple(row._replace(tell="", place="") for row in choices.rows))
