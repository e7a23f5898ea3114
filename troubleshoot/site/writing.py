"""A folder of files, written whole or not at all; what others have put there stays."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from troubleshoot.errors import OutputError
from troubleshoot.output import beside
from troubleshoot.site.pages import MARK

NEW, OLD = "new", "old"
FOLDERS = ("causes", "families", "symptoms")
"""Where pages are of which a later site may know nothing more."""


def write_site(folder: Path, files: Iterable[tuple[str, str]], *, force: bool) -> Mapping[str, int]:
    """Write `files`, pairs of a place and a text, to `folder`: a new or an empty one, or with `force` any.

    With `force` files of the same names are replaced, pages of ours that are no longer among `files` are taken away,
    and all others stay. Returns the bytes of each file by its place. Raises `OutputError` when it cannot be done; then,
    or when `files` raises, the folder is as it was.
    """
    _check(folder, force=force)
    # On the same disk as what it becomes, so that to move it there cannot fail half-way.
    draft = beside(folder / "site" if folder.exists() else folder)
    try:
        draft.mkdir()
        sizes = {place: _write(draft / NEW / place, text) for place, text in files}
        if folder.exists():
            _check_inside(folder, sizes)
            _exchange(folder, draft, sizes)
        else:
            (draft / NEW).rename(folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return sizes


def _write(path: Path, text: str) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.write_bytes(text.encode())


def _check(folder: Path, *, force: bool) -> None:
    """Raise `OutputError` if `folder` is not to be written to."""
    try:
        if folder.is_symlink() and not folder.exists():
            raise OutputError(f"{folder}: is a link to nowhere")
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"{folder}: is no folder")
        if folder.exists() and not force and any(folder.iterdir()):
            raise OutputError(f"{folder}: exists already; choose another name or add --force")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be read: {error.strerror}") from error


def _check_inside(folder: Path, places: Iterable[str]) -> None:
    """Raise `OutputError` if something in `folder` is in the way of a file or of the folder that it goes into."""
    for path in map(Path, places):
        for parent in path.parents[:-1]:
            # Behind a link there is something else than this folder.
            if (folder / parent).is_symlink() or ((folder / parent).exists() and not (folder / parent).is_dir()):
                raise OutputError(f"{folder / parent}: is in the way of a folder")
        if (folder / path).is_dir():
            raise OutputError(f"{folder / path}: is in the way of a page")


def _exchange(folder: Path, draft: Path, files: Mapping[str, int]) -> None:
    """Put the new files into `folder`; what they replace, and our old pages, are kept in `draft` until all is done."""
    done: list[Path] = []
    made: list[Path] = []
    moved: list[Path] = []
    places = [*(Path(place) for place in files), *_outdated(folder, files)]
    try:
        for place in places:
            for parent in reversed((folder / place).parents):
                if not parent.exists():
                    parent.mkdir()
                    made.append(parent)
            if os.path.lexists(folder / place):
                (draft / OLD / place).parent.mkdir(parents=True, exist_ok=True)
                (folder / place).replace(draft / OLD / place)
                moved.append(place)
            if (draft / NEW / place).exists():
                (draft / NEW / place).replace(folder / place)
                done.append(place)
    except BaseException:
        for place in done:
            (folder / place).unlink(missing_ok=True)
        for place in moved:
            (draft / OLD / place).replace(folder / place)
        for parent in reversed(made):
            with suppress(OSError):
                parent.rmdir()
        raise


def _outdated(folder: Path, files: Mapping[str, int]) -> list[Path]:
    """Return the pages of an earlier site that are no longer among `files`; each says itself that it is ours."""
    found = []
    for name in FOLDERS:
        for path in sorted((folder / name).rglob("*.html")):
            place = path.relative_to(folder)
            if place.as_posix() not in files and path.is_file() and not path.is_symlink():
                with path.open("rb") as file:
                    if MARK.encode() in file.read(2000):
                        found.append(place)
    return found
