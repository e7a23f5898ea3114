"""Changes as unified diffs, which `git apply` and `patch` take."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping

NO_NEWLINE = b"\n\\ No newline at end of file\n"


def diff_of(changes: Mapping[str, bytes], original: Callable[[str], bytes]) -> bytes:
    """Return what changes in each file, by path, against what `original` says is in it."""
    return b"".join(line for path in sorted(changes) for line in _lines(path, original(path), changes[path]))


def diff_text(changes: Mapping[str, bytes], original: Callable[[str], bytes]) -> str:
    """Return a diff as it is shown; what is no UTF-8 is shown as such."""
    return diff_of(changes, original).decode("utf-8", "replace")


def _lines(path: str, before: bytes, after: bytes) -> Iterator[bytes]:
    name = path.encode(errors="surrogateescape")
    compared = difflib.diff_bytes(
        difflib.unified_diff, _by_line_feed(before), _by_line_feed(after), b"a/" + name, b"b/" + name
    )
    for line in compared:
        yield line if line.endswith(b"\n") else line + NO_NEWLINE


def _by_line_feed(data: bytes) -> list[bytes]:
    """Return lines with their ends; a carriage return alone ends none for the tools that read diffs."""
    return re.findall(rb"[^\n]*\n|[^\n]+", data)
