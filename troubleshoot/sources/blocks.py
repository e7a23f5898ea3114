"""A log in pieces of whole lines, made readable, and searched a few at a time."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeAlias, TypeVar

from troubleshoot.lazy import pattern
from troubleshoot.redaction import ESCAPES
from troubleshoot.sources.reports import POINTER, as_tracebacks, unboxed

Block: TypeAlias = tuple[bytes, int]
"""Whole lines of a log, and the number of the first."""
T = TypeVar("T")

BLOCK = 1 << 20
CARRIED = 64 << 10
"""Bytes of an unfinished traceback that are kept for the next block."""
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a text in UTF-16 starts, such as what PowerShell puts into a file."""
THREADS = 2
OPENING = pattern(rb"[\[{][ \t]{0,20}\r?\n[ \t]{0,200}[\"'{\[]")
"""Where JSON that is printed over several lines begins."""
BOXED = POINTER.encode()
LONGEST_BODY = 20_000
"""Bytes of such JSON that are read as one; what people print over several lines is an error's body."""


def is_binary(block: bytes) -> bool:
    """Return whether `block` is no text."""
    head = block[:4096]
    return b"\0" in head or len(head.translate(None, bytes(range(1, 9)) + bytes(range(14, 27)))) < 0.9 * len(head)


def blocks_of(stream: BinaryIO) -> Iterator[Block]:
    """Yield blocks of whole lines with the number of their first line; a traceback is not cut in two."""
    rest, line = b"", 1
    pieces = _in_utf_8(stream)
    data = next(pieces, b"")
    while data:
        following = next(pieces, b"")
        block = rest + data
        cut = _cut(block) if following else len(block)
        yield block[:cut], line
        line += block.count(b"\n", 0, cut)
        rest, data = block[cut:], following


def _in_utf_8(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what `stream` holds, piece by piece, from whichever Unicode it is in."""
    piece = stream.read(BLOCK)
    decoder = codecs.getincrementaldecoder("utf-16")("replace") if piece.startswith(UTF_16) else None
    while piece:
        if text := decoder.decode(piece).encode() if decoder else piece:
            yield text
        piece = stream.read(BLOCK)


def _cut(block: bytes) -> int:
    """Return where `block` can end: behind a line, and before a traceback that may go on in the next."""
    cut = block.rfind(b"\n") + 1
    header = block.rfind(b"Traceback (most recent", max(0, len(block) - CARRIED))
    if header > 0:
        cut = min(cut, block.rfind(b"\n", 0, header) + 1)
    return cut or len(block)


def ahead(search: Callable[[Block], T], blocks: Iterator[Block]) -> Iterator[T]:
    """Yield each block searched, in order, a few of them being searched at the same time.

    The automaton leaves the interpreter to others while it works, so two threads read a log twice as fast.
    """
    second = next(blocks, None)
    if second is None:
        return
    from collections import deque
    from concurrent.futures import Future, ThreadPoolExecutor

    with ThreadPoolExecutor(THREADS) as pool:
        running: deque[Future[T]] = deque([pool.submit(search, second)])
        for block in blocks:
            running.append(pool.submit(search, block))
            if len(running) > THREADS:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def readable(block: bytes) -> bytes:
    """Return `block` with as many lines, without colours and the backslashes of JSON in front of quotes.

    What pytest reports and rich draws is written as tracebacks. JSON that is printed over several lines stands in the
    first of them, the others being empty.
    """
    if b"\x1b" in block:
        block = ESCAPES.sub("", block.decode(errors="replace")).encode()
    if b"\\" in block:
        block = block.replace(b'\\"', b'"')
    if BOXED in block:
        block = "\n".join(unboxed(block.decode(errors="replace").split("\n"))).encode()
    if b"\nE   " in block or block.startswith(b"E   "):
        lines = [line.rstrip("\r") for line in block.decode(errors="replace").split("\n")]
        block = "\n".join(as_tracebacks(lines)).encode()
    return _on_one_line(block)


def _on_one_line(block: bytes) -> bytes:
    pieces = []
    position = 0
    while (opening := OPENING.search(block, position)) is not None:
        pieces.append(block[position : opening.start()])
        end = _closing(block, opening.start())
        body = block[opening.start() : end]
        pieces.append(b"".join(_joined(body)))
        pieces.append(b"\n" * body.count(b"\n"))
        position = end
    if not pieces:
        return block
    pieces.append(block[position:])
    return b"".join(pieces)


def _joined(body: bytes) -> Iterator[bytes]:
    """Yield the lines of JSON as they would stand on one."""
    for line in body.splitlines():
        text = line.strip()
        yield text + b" " if text.endswith(b",") else text


def _closing(block: bytes, start: int) -> int:
    """Return where the JSON that opens at `start` ends: at its last bracket, or where it is no longer read."""
    depth = 0
    position = start
    limit = min(len(block), start + LONGEST_BODY)
    while position < limit:
        end = block.find(b"\n", position, limit)
        end = limit if end < 0 else end
        line = block[position:end]
        depth += line.count(b"{") + line.count(b"[") - line.count(b"}") - line.count(b"]")
        position = min(end + 1, limit)
        if depth <= 0:
            return end
    return max(block.rfind(b"\n", start, limit), start + 1)
