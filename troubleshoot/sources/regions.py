"""A piece of a log that something stands in, taken apart into lines and tracebacks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

from troubleshoot.catalog.signatures import Signature
from troubleshoot.patterns import compiled
from troubleshoot.sources.frames import FRAME, Frame, own_frame
from troubleshoot.sources.tracebacks import Raised, Traceback, frames_in, tracebacks

NEARBY = 30
"""Lines around a match that count as its surroundings when it stands in no traceback."""


class Surroundings(NamedTuple):
    """The lines around a place in a log, the traceback that it stands in, if any, and the exception in that.

    `beside` is the source that is shown with it, where it stands in no traceback.
    """

    lines: Sequence[str]
    traceback: Traceback | None
    raised: Raised | None
    beside: Sequence[str] = ()

    def holds(self, pattern: Any) -> bool:
        """Return whether `pattern` occurs in the lines.

        Patterns know the lines of frames by their quotes, so those in the statements of a traceback must not hide one.
        """
        if pattern.search("\n".join(self.lines).encode(errors="replace")) is not None:
            return True
        if self.traceback is None:
            return False
        lines = [line if FRAME.search(line) else line.replace('"', "'") for line in self.lines]
        return pattern.search("\n".join(lines).encode(errors="replace")) is not None

    def is_shown(self, pattern: Any) -> bool:
        """Return whether `pattern` occurs in the lines together with the source that is shown beside them."""
        return bool(self.beside) and pattern.search("\n".join((*self.beside, *self.lines)).encode(errors="replace"))

    @property
    def own_frame(self) -> Frame | None:
        """The user's own deepest frame: of the exception, else of its traceback, else of what stands near."""
        if self.traceback is None or self.raised is None:
            return own_frame(frames_in(self.lines))
        return own_frame(self.raised.frames) or self.traceback.own_frame


class Region:
    """A block taken apart into lines, once something stands in it; `beside` is the source shown with it."""

    def __init__(self, text: bytes, first_line: int, beside: Sequence[str] = ()) -> None:
        self.beside = beside
        self.text = text
        self.first_line = first_line
        self.lines = text.decode(errors="replace").split("\n")
        self.starts = [0]
        for line in text.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.tracebacks = list(tracebacks(self.lines))

    def index(self, position: int) -> int:
        """Return the index of the line that holds the byte at `position`."""
        return bisect_right(self.starts, position) - 1

    def around(self, index: int) -> Surroundings:
        """Return what stands around line `index`."""
        if "\\n" in self.lines[index]:
            # A traceback inside a JSON record is one line of the log.
            lines = self.lines[index].replace("\\n", "\n").split("\n")
            inside = next(tracebacks(lines), None)
            return Surroundings(lines, inside, inside.parts[-1] if inside else None)
        for traceback in self.tracebacks:
            if traceback.first <= index <= traceback.last:
                lines = self.lines[traceback.first : traceback.last + 1]
                return Surroundings(lines, traceback, traceback.part(index))
        end = index + NEARBY
        while end < len(self.lines) and FRAME.search(self.lines[end]):
            # The end of a stack is what ran, and says the most.
            end += 1
        return Surroundings(self.lines[max(0, index - NEARBY) : end], None, None, self.beside)


def quoted(line: bytes, signature: Signature) -> str:
    """Return the part of `line` worth quoting: the line, or for a record that holds many, the one that matched."""
    parts = line.decode(errors="replace").replace("\\n", "\n").split("\n")
    if len(parts) == 1:
        return parts[0]
    pattern = compiled(signature.pattern)
    return next((part for part in parts if pattern.search(part.encode(errors="replace"))), parts[0])
