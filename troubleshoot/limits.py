"""How much is read of what somebody hands over: one table, and the sentence for what goes beyond it."""

from __future__ import annotations

import errno
import stat
from pathlib import Path
from types import MappingProxyType

from troubleshoot.lazy import pattern

LARGEST = MappingProxyType(
    {
        "source file": 1_500_000,
        "settings": 1 << 20,
        "ignore file": 1 << 20,
        "version file": 32 << 20,
        "knowledge file": 1 << 20,
        "answers file": 1 << 20,
        "session": 16 << 20,
        "baseline": 256 << 20,
        "findings": 256 << 20,
        "description": 256 << 20,
    }
)
"""Bytes of each kind of file; a log is read as a stream, however long it is."""
DEEPEST_FOLDER = 100
"""Folders within folders that are walked into."""
MOST_AROUND = 5_000
"""Python files, or folders, of a project that is looked through for the sake of a part of it."""
MOST_STATEMENTS = 100_000
"""Lines and semicolons in a source file; no person wrote one with more."""
LONGEST_NAME = 100
"""Parts of a dotted name in TOML; each further one costs more than the one before."""
DOTTED = pattern(rf"(?<![\w.\-])(?:[\"']?[\w\-]+[\"']?[ \t]*\.[ \t]*){{{LONGEST_NAME},}}")


def read(path: Path, kind: str, *, only_file: bool = True) -> bytes:
    """Return what is in a file of a kind of `LARGEST`.

    With `only_file`, what stands in a stranger's folder must be a file, because a device or pipe may never end. Raises
    OSError, also for what is too long.
    """
    if only_file and not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no file", str(path))
    with path.open("rb") as stream:
        data = stream.read(LARGEST[kind] + 1)
    if len(data) > LARGEST[kind]:
        raise OSError(errno.EFBIG, f"it is longer than {size(LARGEST[kind])}", str(path))
    return data


def size(count: int) -> str:
    """Return a number of bytes in words."""
    return f"{count / 1_000_000:.3g} MB"


def is_made(data: bytes) -> bool:
    """Return whether a source file has more statements than a person writes."""
    return data.count(b"\n") + data.count(b";") > MOST_STATEMENTS


def check_toml(text: str) -> None:
    """Raise ValueError for TOML that would take a long time or much memory to read."""
    found = DOTTED.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise ValueError(f"A name has more than {LONGEST_NAME} parts (at line {line}, column 1)")
