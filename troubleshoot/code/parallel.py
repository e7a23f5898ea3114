"""Work shared between this process and one more, where the system can copy a process."""

from __future__ import annotations

import os
import pickle
import re
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from troubleshoot.code.application.parts import top_folder
from troubleshoot.code.asked import Asked
from troubleshoot.code.files import Files

T = TypeVar("T")

WORTH_IT = 600_000
"""Bytes of source below which a second process costs more than it saves."""
IMPORT = re.compile(rb"^[ \t]*(?:from[ \t]+([A-Za-z_][\w.]*)[ \t]+import|import[ \t]+([A-Za-z_][\w.]*))", re.MULTILINE)


def can_share() -> bool:
    """Return whether there is a second processor, and a way to use it.

    A copy made beside the main thread may wait for ever for what another thread held when it was made.
    """
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and hasattr(os, "fork") and sys.platform != "darwin" and (os.cpu_count() or 1) > 1


@contextmanager
def aside(work: Callable[[], T], files: Files) -> Iterator[Callable[[], T]]:
    """Do `work` in a copy of this process; what is yielded waits for what it returns, which can be pickled.

    What the copy asks of `files` is known here, too. If it does not come to its end, its work is done here.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _work(lambda: (work(), files.asked), writer)
    os.close(writer)
    try:
        with os.fdopen(reader, "rb") as stream:

            def result() -> T:
                data = stream.read()
                if not data:
                    return work()
                found: tuple[T, Asked] = pickle.loads(data)
                files.asked.take_in(found[1])
                return found[0]

            yield result
    finally:
        os.waitpid(child, 0)


def both(mine: Callable[[], T], others: Callable[[], T], files: Files) -> list[T]:
    """Return what both functions return; `others` runs in a copy of this process, as in `aside`."""
    with aside(others, files) as result:
        return [mine(), result()]


def _work(work: Callable[[], object], writer: int) -> None:
    """Send what `work` returns, or nothing; never come back."""
    try:
        data = pickle.dumps(work(), protocol=5)
        with os.fdopen(writer, "wb") as stream:
            stream.write(data)
    finally:
        os._exit(0)


def halves(files: Files, paths: Sequence[str]) -> list[list[str]]:
    """Return `paths` in two parts of about one size that do not import each other; in one if there are none such."""
    groups = _connected(files, paths)
    sizes = sorted(((sum(len(files.raw(path)) for path in group), group) for group in groups), reverse=True)
    parts: list[list[str]] = [[], []]
    weights = [0, 0]
    for size, group in sizes:
        lighter = weights.index(min(weights))
        weights[lighter] += size
        parts[lighter] += group
    if min(weights) < sum(weights) / 4:
        return [list(paths)]
    return [sorted(part) for part in parts]


def _connected(files: Files, paths: Sequence[str]) -> list[list[str]]:
    """Return the top folders' files, those together of which one imports another, and those in the root."""
    tops: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for path in paths:
        top = top_folder(path)
        tops.setdefault(top, top)
        members.setdefault(top, []).append(path)
    if len(tops) > 1:
        for path in paths:
            package = tuple(path.split("/")[:-1])
            for found in IMPORT.finditer(files.raw(path)):
                target = files.find((found[1] or found[2]).decode(), package)
                if target is not None:
                    _join(tops, top_folder(path), top_folder(target))
    groups: dict[str, list[str]] = {}
    for top, inside in members.items():
        groups.setdefault(_root(tops, top), []).extend(inside)
    return list(groups.values())


def _root(tops: dict[str, str], top: str) -> str:
    while tops.setdefault(top, top) != top:
        top = tops[top]
    return top


def _join(tops: dict[str, str], one: str, other: str) -> None:
    tops[_root(tops, one)] = _root(tops, other)
