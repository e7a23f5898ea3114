"""Python tracebacks in text, whatever a logger, a container or a terminal has put around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PureWindowsPath
from typing import NamedTuple

from troubleshoot.lazy import pattern
from troubleshoot.sources.frames import FRAME, Frame, own_frame, raised, with_installed

NAMESAKE = "in its namesake"
"""In a file of the user's own that is called like the module which the exception says something of."""
HEADER = re.compile(r"Traceback \(most recent call last\)")
EXCEPTION = re.compile(r"(?P<type>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?$")
MODULE = pattern(r"\bmodule \\?['\"`](\w+)\\?['\"`]")
CHAINED = pattern(r"(?:During handling of the above exception|The above exception was the direct cause)")
UNREADABLE = pattern(r"(?:SyntaxError|IndentationError|TabError): ")
UNREADABLE_WITHIN = 4
"""How many lines below a frame it is said that its file is no Python: a statement and the mark below it come first."""
CHAINED_WITHIN = 6
"""How many lines behind an exception the next traceback must start to be chained to it."""
GROUP_RULE = pattern(r"^[\s|]*\+[-+\s\d.]*$")
PREFIX = pattern(
    r"""^(?:
        [\w.\-/]+\s+\|\ ?                                        # docker compose
      | \w{3}\s+\d+\ [\d:]{8}\ \S+\ [^\s:]+:\ ?                  # journald, syslog
      | \S+Z?\ (?:stdout|stderr)\ [FP]\ ?                        # Kubernetes, CRI
      | \[pod/\S+\]\ ?
      | \d{4}-\d\d-\d\d[T\ ][\d:.,]+(?:Z|[+\-]\d\d:?\d\d)?\ ?    # docker logs -t
    )""",
    re.VERBOSE,
)


class Raised(NamedTuple):
    """One exception of a traceback with the frames it came through, outermost first.

    `first` and `last` are indexes of lines, as in `Traceback`; `exception` is its text, empty if it was cut off.
    """

    first: int
    last: int
    frames: tuple[Frame, ...]
    exception: str

    @property
    def where(self) -> str:
        """Where it was raised, in the words of `frames.raised`."""
        return raised(self.frames)

    def is_at(self, asked: str) -> bool:
        """Return whether it was raised at a place, in the words that signals ask for."""
        if asked == NAMESAKE:
            module = MODULE.search(self.exception)
            deepest = self.frames[-1] if self.frames else None
            return bool(module and deepest and deepest.is_own and PureWindowsPath(deepest.file).stem == module[1])
        return bool(self.where) and asked in (self.where, "under own code")

    @property
    def kind(self) -> str:
        """The exception without the numbers that differ from one occurrence to the next."""
        return re.sub(r"\d+", "0", self.exception[:200])


class Traceback(NamedTuple):
    """A traceback with all that it is chained to: `first` and `last` are indexes into the lines it was read from.

    `is_open` says that the lines ended before it did, so that what follows may belong to it.
    """

    first: int
    last: int
    parts: tuple[Raised, ...]
    is_open: bool

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The frames of all parts, in their order."""
        return tuple(frame for part in self.parts for frame in part.frames)

    @property
    def exceptions(self) -> tuple[str, ...]:
        """The exceptions, in their order."""
        return tuple(part.exception for part in self.parts if part.exception)

    @property
    def own_frame(self) -> Frame | None:
        """The user's own deepest frame."""
        return own_frame(self.frames)

    def part(self, index: int) -> Raised:
        """Return the part that line `index` belongs to, or the nearest before it."""
        return next((part for part in reversed(self.parts) if part.first <= index), self.parts[0])


def frames_in(lines: Sequence[str]) -> tuple[Frame, ...]:
    """Return the frames named in `lines`, in their order."""
    found = []
    for index, line in enumerate(lines):
        match = FRAME.search(line)
        if match:
            below = lines[index + 1].rstrip() if index + 1 < len(lines) else ""
            # The statement stands further in than the frame it belongs to.
            statement = below[match.start() :] if below[: match.start() + 1].endswith(" ") else ""
            statement = "" if FRAME.search(statement) else statement.strip()
            found.append(Frame(match["file"], int(match["line"]), match["function"] or "", statement))
    return with_installed(found)


def tracebacks(lines: Sequence[str]) -> Iterator[Traceback]:
    """Yield the tracebacks in `lines`; one that is cut off, at either end, counts as far as it goes."""
    position = 0
    while position < len(lines):
        if not _starts(lines, position):
            position += 1
            continue
        first, parts = position, []
        while True:
            end, exception = _one(lines, position)
            parts.append(Raised(position, end, frames_in(lines[position : end + 1]), exception))
            following = _chained(lines, end + 1)
            if following is None:
                break
            position = following
        is_open = not exception and end == len(lines) - 1
        yield Traceback(first, end, tuple(parts), is_open)
        position = end + 1


def _starts(lines: Sequence[str], index: int) -> bool:
    """Return whether a traceback starts here: at its header, or, where somebody has cut that off, at a frame.

    Of a file that is no Python the interpreter prints no header, and no function.
    """
    if HEADER.search(lines[index]):
        return True
    frame = FRAME.search(lines[index])
    if frame is None or frame["function"] is not None:
        return frame is not None
    prefix = _in_front_of_frame(lines[index])
    below = lines[index + 1 : index + 1 + UNREADABLE_WITHIN]
    return any(UNREADABLE.match(_without_prefix(line, prefix).lstrip()) for line in below)


def may_go_on(lines: Sequence[str], traceback: Traceback) -> bool:
    """Return whether lines still to come may belong to `traceback`, the last one in `lines`."""
    return traceback.is_open or len(lines) - 1 - traceback.last < CHAINED_WITHIN


def episodes(lines: Sequence[str]) -> Iterator[tuple[int, int, Traceback | None]]:
    """Cut `lines` so that each piece has at most one traceback: yield its first line, the line behind it, and that one.

    The line in front of a traceback, which says where it comes from, stays with it.
    """
    first, current = 0, None
    for following in tracebacks(lines):
        if current is not None:
            cut = max(current.last + 1, following.first - 1)
            yield first, cut, current
            first = cut
        current = following
    if first < len(lines):
        yield first, len(lines), current


def _one(lines: Sequence[str], start: int) -> tuple[int, str]:
    """Return the index of the last line of the traceback that starts at `start`, and its exception as text."""
    header = HEADER.search(lines[start])
    prefix = lines[start][: header.start()] if header else _in_front_of_frame(lines[start])
    is_statement = False
    for index in range(start + (header is not None), len(lines)):
        text = _without_prefix(lines[index], prefix)
        if HEADER.search(text):
            return index - 1, ""
        frame = FRAME.match(text.lstrip())
        if not text.strip() or text[:1].isspace() or GROUP_RULE.match(text) or frame or is_statement:
            # Where a page has lost the indentation, the line below a frame is its statement all the same.
            is_statement = frame is not None and not text[:1].isspace()
            continue
        found = EXCEPTION.match(text.rstrip())
        return (index, text.strip()) if found else (index - 1, "")
    return len(lines) - 1, ""


def _in_front_of_frame(line: str) -> str:
    """Return what stands in front of a frame, less its own indentation."""
    before = line[: FRAME.search(line).start()]  # type: ignore[union-attr]
    return before.removesuffix("  ")


def _without_prefix(line: str, prefix: str) -> str:
    """Return `line` without what a logger has put in front of every line."""
    if prefix:
        own = line[: len(prefix)]
        # A short line costs nothing, however long the prefix is.
        if len(own) == len(prefix) and _shape(own) == _shape(prefix):
            return line[len(prefix) :]
        group = re.match(r"^\s*\| ?", line)
        if group and "|" not in prefix and "+" in prefix:
            return line[group.end() :]
    match = PREFIX.match(line)
    return line[match.end() :] if match else line


def _shape(text: str) -> str:
    return re.sub(r"[0-9]", "0", text)


def _chained(lines: Sequence[str], start: int) -> int | None:
    """Return the index of the header of the traceback chained on behind `start`, if there is one."""
    window = range(start, min(start + CHAINED_WITHIN, len(lines)))
    if not any(CHAINED.search(lines[index]) or GROUP_RULE.match(lines[index]) for index in window):
        return None
    return next((index for index in window if HEADER.search(lines[index])), None)
