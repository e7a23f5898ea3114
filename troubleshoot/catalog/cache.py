"""What was computed once is kept: in the wheel, or in a folder of files whose names change with what they came from."""

from __future__ import annotations

import functools
import os
import stat
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from troubleshoot import __version__
from troubleshoot.catalog.content import PACKAGE, Content
from troubleshoot.lazy import pattern
from troubleshoot.model import known

CATALOG, LEXICON, SKELETONS = ".catalog", ".sqlite", ".templates"
"""How the files end that hold the compiled knowledge, the words in it, and the templates taken apart."""
BUILT = PACKAGE / "compiled"
"""Where a wheel has them."""
OURS = pattern(r"[0-9a-f]{8}-\d+-\d+[.\-].*")
"""The names that are given here; nothing else in the folder is touched."""
LARGEST = 64 << 20
"""Bytes that are kept altogether."""
OLDEST = 30 * 24 * 3600
"""Seconds that a file is kept."""


@functools.cache
def _fingerprint(content: Content) -> str:
    """Return what changes whenever a file of `content`, or this program, does."""
    written_as = Path(known.__file__).stat().st_mtime_ns
    named = [(pack.name, str(pack.knowledge.resolve())) for pack in content.folders]
    seen = zlib.crc32(f"{__version__} {written_as} {named}".encode())
    files = size = 0
    for folder in (folder for pack in content.folders for folder in (pack.knowledge, pack.templates)):
        for entry in _walk(folder):
            status = entry.stat()
            seen = zlib.crc32(f"{entry.path} {status.st_size} {status.st_mtime_ns}".encode(), seen)
            files += 1
            size += status.st_size
    return f"{seen:08x}-{files}-{size}"


def cache_file(content: Content, ending: str) -> Path | None:
    """Return where something computed from `content` as it is now belongs, or None if there is no place for it.

    What a wheel brings is never written again; only if it is gone does the cache take its place.
    """
    if content.knowledge.parent == PACKAGE and not content.beside and (built := BUILT / f"knowledge{ending}").exists():
        return built
    import platformdirs

    with suppress(OSError):
        folder = platformdirs.user_cache_path("troubleshoot", appauthor=False, ensure_exists=True)
        return folder / f"{_fingerprint(content)}{ending}"
    return None


def _walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        if entry.is_dir():
            yield from _walk(Path(entry.path))
        else:
            yield entry


def is_trusted(path: Path) -> bool:
    """Return whether only this user, or root, can have written a file. Raises OSError if it is not there."""
    status = path.stat()
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid in (0, os.geteuid()) and not status.st_mode & stat.S_IWOTH


def read_cache(path: Path) -> bytes:
    """Return what was kept. Raises OSError, also for what somebody else may have put there."""
    if not is_trusted(path):
        raise PermissionError(f"{path}: somebody else may have written this")
    return path.read_bytes()


def write_cache(path: Path, data: bytes) -> None:
    """Write `data` so that no other process ever sees a part of it, and remove what is too old or too much.

    Raises OSError.
    """
    with drafted(path) as draft:
        draft.write_bytes(data)
    tidy(path.parent)


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """Give a file of this process's own that takes the place of `path` in the end, and not if something is raised."""
    draft = path.with_suffix(f".{os.getpid()}")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def tidy(folder: Path) -> None:
    """Remove what is too old, and the oldest of what is too much."""
    files = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if OURS.fullmatch(entry.name):
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    files.append((status.st_mtime, status.st_size, entry.path))
    files.sort(reverse=True)
    kept = 0
    now = time.time()
    for written, size, path in files:
        kept += size
        if kept > LARGEST or now - written > OLDEST:
            with suppress(OSError):
                Path(path).unlink()
