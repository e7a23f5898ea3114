"""The folders that a client may name paths in."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from troubleshoot.errors import UsageError
from troubleshoot.redaction import shown


@dataclass(frozen=True, slots=True)
class Roots:
    """Folders, links resolved; a relative path starts from the first."""

    folders: tuple[Path, ...]

    def folder(self) -> Path:
        """Return the folder that relative paths start from. Raises `UsageError` if there is none."""
        if not self.folders:
            raise UsageError("no folder is open to you: the client names none that the server was started for")
        return self.folders[0]

    def place(self, text: str, what: str) -> Path:
        """Return the file or folder that `text` names, links resolved. Raises `UsageError` for what is not below."""
        named = f"{what} {shown(text)!r}"
        if "\0" in text or ".." in Path(text).parts:
            raise UsageError(f"{named}: name it without '..', from a folder that is open to you")
        try:
            place = (self.folder() / text).resolve()
            is_there = self.holds(place) and place.exists()
        except (OSError, RuntimeError, ValueError):
            is_there = False
            place = Path()
        if is_there:
            return place
        # What lies outside is as good as not there: nobody learns what is on this machine.
        raise UsageError(f"{named}: no such file or folder below the folders that are open to you")

    def file(self, text: str, what: str) -> Path:
        """Return the file that `text` names, which is no device or pipe. Raises `UsageError`."""
        place = self.place(text, what)
        if not place.is_file():
            raise UsageError(f"{what} {shown(text)!r}: is no file")
        return place

    def holds(self, place: Path) -> bool:
        """Return whether a resolved path is one of the folders, or lies below one."""
        return any(place == folder or folder in place.parents for folder in self.folders)

    def relative(self, text: str) -> str:
        """Return `text` with the paths below the folders as they are named from there."""
        for folder in sorted(map(str, self.folders), key=len, reverse=True):
            if folder != os.sep:
                text = text.replace(f"{folder}{os.sep}", "").replace(folder, ".")
        return text


def roots_of(folders: Iterable[Path]) -> Roots:
    """Return the folders as `Roots`. Raises `UsageError` for one that is not there."""
    found = []
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"--root {folder}: no such folder")
        found.append(folder.resolve())
    return Roots(tuple(found))


def named_by(uris: Iterable[str], within: Roots | None) -> Roots:
    """Return the folders that a client names as `file://` URIs, of those `within`, if given; others are passed over."""
    found: list[Path] = []
    for uri in uris:
        parts = urlsplit(uri)
        if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
            continue
        folder = Path(os.path.realpath(url2pathname(parts.path)))
        if not folder.is_dir():
            continue
        if within is None or within.holds(folder):
            found.append(folder)
        else:
            found += [own for own in within.folders if folder in own.parents]
    return Roots(tuple(dict.fromkeys(found)))
