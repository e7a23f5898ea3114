"""Python tracebacks in text, whatever a logger, a container or a terminal has put around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HEADER = re.compile(r"Traceback \(most recent call last\)")
FRAME = re.compile(r"""File ["'](?P<file>[^"']+)["'], line (?P<line>\d+)(?:, in (?P<function>[\w.<>]+))?""")
EXCEPTION = re.compile(r"(?P<type>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?$")
CHAINED = re.compile(r"(?:During handling of the above exception|The above exception was the direct cause)")
CHAINED_WITHIN = 6
"""How many lines behind an exception the next traceback must start to be chained to it."""
GROUP_RULE = re.compile(r"^[\s|]*\+[-+\s\d.]*$")
PREFIX = re.compile(
    r"""^(?:
        [\w.\-/]+\s+\|\ ?                                        # docker compose
      | \w{3}\s+\d+\ [\d:]{8}\ \S+\ [^\s:]+:\ ?                  # journald, syslog
      | \S+Z?\ (?:stdout|stderr)\ [FP]\ ?                        # Kubernetes, CRI
      | \[pod/\S+\]\ ?
      | \d{4}-\d\d-\d\d[T\ ][\d:.,]+(?:Z|[+\-]\d\d:?\d\d)?\ ?    # docker logs -t
    )""",
    re.VERBOSE,
)
LIBRARY = re.compile(r"[/\\](?:site|dist)-packages[/\\]|[/\\]lib[/\\]python3|^<|[/\\]Lib[/\\](?!site)|_ctypes|\.pyx$")
LIBRARY_ROOTS = frozenset(
    """aiohttp aiomysql aiosqlite anyio asyncio asyncpg bson celery click concurrent contextlib.py fastapi greenlet
    gunicorn h11 httpcore httptools httpx httpx2 importlib jinja2 json kombu logging motor multiprocessing orjson pluggy
    psycopg psycopg2 pydantic pydantic_core pydantic_settings pymongo pymysql pytest redis requests runpy.py socketio
    sqlalchemy sqlmodel starlette threading.py typing.py unittest urllib3 uvicorn uvloop websockets wsproto""".split()  # noqa: SIM905 - a list of words reads better as words
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One entry of a traceback."""

    file: str
    line: int
    function: str

    @property
    def is_own(self) -> bool:
        """Whether the file is the user's own rather than a library's or the interpreter's."""
        if LIBRARY.search(self.file):
            return False
        parts = re.split(r"[/\\]", self.file)
        return not (parts[0] in LIBRARY_ROOTS and not self.file.startswith(("/", ".")))

    @property
    def module(self) -> str:
        """The name of the module, as far as the file shows it."""
        return re.split(r"[/\\]", self.file)[-1].removesuffix(".py")


@dataclass(frozen=True, slots=True)
class Traceback:
    """A traceback with all that it is chained to: `first` and `last` are indexes into the lines it was read from.

    `is_open` says that the lines ended before it did, so that what follows may belong to it.
    """

    first: int
    last: int
    frames: tuple[Frame, ...]
    exceptions: tuple[str, ...]
    is_open: bool

    @property
    def own_frame(self) -> Frame | None:
        """The user's own deepest frame."""
        return next((frame for frame in reversed(self.frames) if frame.is_own), None)


def frames_in(lines: Sequence[str]) -> tuple[Frame, ...]:
    """Return the frames named in `lines`, in their order."""
    found = (FRAME.search(line) for line in lines)
    return tuple(Frame(match["file"], int(match["line"]), match["function"] or "") for match in found if match)


def tracebacks(lines: Sequence[str]) -> Iterator[Traceback]:
    """Yield the tracebacks in `lines`; one that is cut off counts as far as it goes."""
    position = 0
    while position < len(lines):
        if not HEADER.search(lines[position]):
            position += 1
            continue
        first, exceptions = position, []
        while True:
            end, exception = _one(lines, position)
            if exception:
                exceptions.append(exception)
            following = _chained(lines, end + 1)
            if following is None:
                break
            position = following
        is_open = not exception and end == len(lines) - 1
        yield Traceback(first, end, frames_in(lines[first : end + 1]), tuple(exceptions), is_open)
        position = end + 1


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
    prefix = lines[start][: HEADER.search(lines[start]).start()]  # type: ignore[union-attr]
    for index in range(start + 1, len(lines)):
        text = _without_prefix(lines[index], prefix)
        if HEADER.search(text):
            return index - 1, ""
        if not text.strip() or text[:1].isspace() or GROUP_RULE.match(text) or FRAME.search(text):
            continue
        found = EXCEPTION.match(text.rstrip())
        return (index, text.strip()) if found else (index - 1, "")
    return len(lines) - 1, ""


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
