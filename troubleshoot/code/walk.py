"""Which files below a folder are the user's own Python source."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from troubleshoot import limits
from troubleshoot.model import Skipped

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

Ignored: TypeAlias = "list[tuple[str, GitIgnoreSpec]]"
"""Folders, and what the ignore file in each says."""

NEVER = frozenset(
    (
        *(".git", ".hg", ".svn", "__pycache__", "node_modules", "site-packages", "__pypackages__", ".eggs"),
        *(".venv", "venv", ".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".direnv"),
    )
)

MADE = frozenset(("build", "dist"))
"""Folders of what was built, unless they are packages."""


class TooManyError(Exception):
    """There are more files than are wanted."""


@dataclass(eq=False)
class Walk:
    """A walk through `root`; `exclude` are patterns as in a .gitignore in `folder`, which none there can undo.

    What could not be looked into is `skipped`.
    """

    root: str
    exclude: Sequence[str] = ()
    folder: str = ""
    skipped: list[Skipped] = field(default_factory=list)

    def files(self, below: str = "", most: int = 0) -> list[str]:
        """Return the Python files in `below`, relative to the root, sorted; links to folders are not followed.

        Raises `TooManyError`, if there are more than `most` files or folders.
        """
        found: list[str] = []
        skipped = len(self.skipped)
        folders: list[tuple[str, Ignored]] = [(below, list(_above(os.path.join(self.root, below), self.root)))]
        walked = 0
        while folders:
            found += self._walk(*folders.pop(), folders)
            walked += 1
            if most and max(len(found), walked + len(folders)) > most:
                del self.skipped[skipped:]
                raise TooManyError
        return sorted(found)

    @cached_property
    def _excluded(self) -> Ignored:
        return [(_base(self.folder or self.root, self.root), _spec(self.exclude))] if self.exclude else []

    def _is_left_out(self, path: str, ignored: Ignored) -> bool:
        return _is_ignored(path, self._excluded) or _is_ignored(path, ignored)

    def _walk(self, folder: str, ignored: Ignored, folders: list[tuple[str, Ignored]]) -> Iterator[str]:
        """Yield the files in a folder, and add those below it to `folders`."""
        if folder.count("/") >= limits.DEEPEST_FOLDER:
            self._skip(folder, f"is more than {limits.DEEPEST_FOLDER} folders deep")
            return
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
                if name not in NEVER and not self._is_made(path, name) and not self._is_left_out(f"{path}/", ignored):
                    folders.append((path, ignored))
            elif name.endswith(".py") and not self._is_left_out(path, ignored):
                yield from self._checked(path, entry)

    def _is_made(self, path: str, name: str) -> bool:
        return name in MADE and not os.path.exists(os.path.join(self.root, path, "__init__.py"))

    def _checked(self, path: str, entry: os.DirEntry[str]) -> Iterator[str]:
        try:
            size = entry.stat().st_size if entry.is_file() else None
        except OSError as error:
            self._skip(path, f"cannot be read: {error.strerror}")
            return
        if size is None:
            return
        if size > limits.LARGEST["source file"]:
            self._skip(path, f"is {limits.size(size)} long, so no person wrote it")
        else:
            yield from self.named(path)

    def named(self, path: str) -> Iterator[str]:
        """Yield a path, if it can be shown."""
        if path.isprintable():
            yield path
        else:
            self._skip(path, "has a name that cannot be shown")

    def _skip(self, location: str, why: str) -> None:
        shown = location if location.isprintable() else ascii(location)
        self.skipped.append(Skipped(source="code", location=shown, why=why))


def _base(folder: str, root: str) -> str:
    """Return what the patterns of a folder start from, as seen from the root; `../NAME`, if the root is NAME in it."""
    below = os.path.relpath(os.path.realpath(folder), os.path.realpath(root)).replace(os.sep, "/")
    if below == ".":
        return ""
    if below != ".." and not below.startswith("../"):
        return below
    inside = os.path.relpath(os.path.realpath(root), os.path.realpath(folder)).replace(os.sep, "/")
    return f"../{inside}"


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    with warnings.catch_warnings():
        # What git takes for a set of characters may be a puzzle to Python, which then says so and goes on.
        warnings.simplefilter("ignore")
        # The others refuse the patterns of a whole file for one that is odd, or for their number.
        return GitIgnoreSpec.from_lines(lines, backend="simple")


def _gitignore(folder: str, base: str) -> Iterator[tuple[str, GitIgnoreSpec]]:
    try:
        text = limits.read(Path(folder, ".gitignore"), "ignore file").decode(errors="replace")
    except OSError:
        return
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if lines:
        yield base, _spec([line for line in lines if is_pattern(line)])


def is_pattern(line: str) -> bool:
    """Return whether a line can be a pattern of git, which passes over those that cannot."""
    try:
        return bool(_spec([line]))
    except (ValueError, re.error):
        return False


def _above(folder: str, root: str) -> Iterator[tuple[str, GitIgnoreSpec]]:
    """Yield the .gitignore files of the folders around `folder` that belong to the same repository."""
    folders = []
    folder = os.path.realpath(folder)
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above
        folders.append(folder)
    for around in reversed(folders):
        yield from _gitignore(around, _base(around, root))


def _is_ignored(path: str, ignored: Ignored) -> bool:
    """Return what the last pattern that fits says, the nearest file's last."""
    answer = False
    for base, spec in ignored:
        if base.startswith("../"):
            inside = f"{base[3:]}/{path}"
        elif base and not path.startswith(f"{base}/"):
            continue
        else:
            inside = path[len(base) + 1 :] if base else path
        verdict = spec.check_file(inside).include
        if verdict is not None:
            answer = verdict
    return answer
