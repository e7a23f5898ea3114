"""Which files below a folder are the user's own Python source."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from troubleshoot.model import Skipped

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

LARGEST = 1_500_000
"""Bytes; no person wrote a longer file."""

NEVER = frozenset(
    (
        *(".git", ".hg", ".svn", "__pycache__", "node_modules", "site-packages", "__pypackages__", ".eggs"),
        *(".venv", "venv", ".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".direnv", "build", "dist"),
    )
)


@dataclass(eq=False)
class Walk:
    """A walk through `root`; `exclude` are patterns as in .gitignore. What could not be looked into is `skipped`."""

    root: str
    exclude: Sequence[str] = ()
    skipped: list[Skipped] = field(default_factory=list)

    def files(self, below: str = "") -> list[str]:
        """Return the Python files in `below`, relative to the root, sorted; links to folders are not followed."""
        ignored = [("", _spec(self.exclude)), *_above(self.root)] if self.exclude else list(_above(self.root))
        return sorted(self._walk(below, ignored))

    def _walk(self, folder: str, ignored: list[tuple[str, GitIgnoreSpec]]) -> Iterator[str]:
        try:
            with os.scandir(os.path.join(self.root, folder)) as found:
                entries = list(found)
        except OSError as error:
            self._skip(folder or ".", f"cannot be read: {error.strerror}")
            return
        names = {entry.name for entry in entries}
        if "pyvenv.cfg" in names:
            return
        if ".gitignore" in names:
            ignored = [*ignored, *_gitignore(os.path.join(self.root, folder), folder)]
        for entry in entries:
            name = entry.name
            path = f"{folder}/{name}" if folder else name
            if entry.is_dir(follow_symlinks=False):
                if name not in NEVER and not _is_ignored(f"{path}/", ignored):
                    yield from self._walk(path, ignored)
            elif name.endswith(".py") and entry.is_file() and not _is_ignored(path, ignored):
                yield from self._checked(path, entry)

    def _checked(self, path: str, entry: os.DirEntry[str]) -> Iterator[str]:
        size = entry.stat().st_size
        if size > LARGEST:
            self._skip(path, f"is {size // 1_000_000} MB long, so no person wrote it")
        elif not path.isprintable():
            self._skip(ascii(path), "has a name that cannot be shown")
        else:
            yield path

    def _skip(self, location: str, why: str) -> None:
        self.skipped.append(Skipped(source="code", location=location, why=why))


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)


def _gitignore(folder: str, base: str) -> Iterator[tuple[str, GitIgnoreSpec]]:
    try:
        with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as stream:
            lines = [line for line in stream.read().splitlines() if line.strip() and not line.startswith("#")]
    except OSError:
        return
    if lines:
        yield base, _spec(lines)


def _above(root: str) -> Iterator[tuple[str, GitIgnoreSpec]]:
    """Yield the .gitignore files of the folders around `root` that belong to the same repository."""
    folders = []
    folder = os.path.realpath(root)
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above
        folders.append(folder)
    for around in folders:
        inside = os.path.relpath(os.path.realpath(root), around).replace(os.sep, "/")
        for _, spec in _gitignore(around, ""):
            yield f"../{inside}", spec


def _is_ignored(path: str, ignored: list[tuple[str, GitIgnoreSpec]]) -> bool:
    """Return what the last pattern that fits says, the nearest file's last."""
    answer = False
    for base, spec in ignored:
        inside = f"{base[3:]}/{path}" if base.startswith("../") else path[len(base) + 1 :] if base else path
        verdict = spec.check_file(inside).include
        if verdict is not None:
            answer = verdict
    return answer
