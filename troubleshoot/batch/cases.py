"""Lines of JSON, each one case: taken from a stream as they come, and read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from troubleshoot import limits
from troubleshoot.errors import UsageError, did_you_mean
from troubleshoot.redaction import shown

AT_ONCE = 64 << 10
"""Bytes that are read at once, which are some ten tracebacks."""
LONGEST = 16 << 20
"""Bytes of a line."""
TEXTS = ("text", "log", "source")
MARK = b"\xef\xbb\xbf"
"""What some editors write before the first line."""


class Line(NamedTuple):
    """A line and its number, from 1; of one that is too long, no more than shows that."""

    number: int
    data: bytes


class Case(NamedTuple):
    """What a line hands over: a complaint, the text of a log, the place of the source; each may be empty."""

    text: str
    log: str
    source: str


def lines_of(read: Callable[[int], bytes]) -> Iterator[list[Line]]:
    """Yield the lines that each call of `read` has completed, without empty ones; nothing else is kept of a stream."""
    parts: list[bytes] = []
    held, number = 0, 1
    while data := read(AT_ONCE):
        *ended, rest = data.split(b"\n")
        found = []
        for piece in ended:
            found.append(Line(number, b"".join((*parts, piece)).strip()))
            parts, held, number = [], 0, number + 1
        if held <= LONGEST:
            parts.append(rest)
            held += len(rest)
        if found := [line for line in found if line.data]:
            yield found
    if last := b"".join(parts).strip():
        yield [Line(number, last)]


def object_of(line: Line) -> dict[str, Any]:
    """Return the object in a line. Raises `UsageError` if there is none."""
    if len(line.data) > LONGEST:
        raise UsageError(f"is longer than {limits.size(LONGEST)}")
    try:
        value = json.loads(line.data.removeprefix(MARK).decode("utf-8"))
    except UnicodeDecodeError:
        raise UsageError("is not UTF-8") from None
    except RecursionError:
        raise UsageError("is not JSON: too deep") from None
    except ValueError as error:
        raise UsageError(f"is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise UsageError("is no object; expected one with text, log or source")
    return value


def name_of(value: Mapping[str, Any]) -> str | int | None:
    """Return the `id` of a case as it may be shown. Raises `UsageError` if it is neither text nor a whole number."""
    name = value.get("id")
    if isinstance(name, str):
        return shown(name)
    if name is None or (isinstance(name, int) and not isinstance(name, bool)):
        return name
    raise UsageError("id: expected text or a whole number")


def case_of(value: Mapping[str, Any]) -> Case:
    """Return what is handed over. Raises `UsageError` if that is nothing, or no text."""
    if not any(value.get(key) for key in TEXTS):
        near = next((near for name in value if name != "id" and (near := did_you_mean(name, TEXTS))), "")
        raise UsageError(f"has no text, log or source{near}")
    return Case(*(_text(value, key) for key in TEXTS))


def _text(value: Mapping[str, Any], key: str) -> str:
    text = value.get(key) or ""
    if not isinstance(text, str):
        raise UsageError(f"{key}: expected text")
    return text
