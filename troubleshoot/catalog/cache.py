"""What was computed once is kept: a folder of files whose names change with what they were computed from."""

from __future__ import annotations

import functools
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from troubleshoot import __version__
from troubleshoot.catalog.content import Content
from troubleshoot.model import known


@functools.cache
def _fingerprint(content: Content) -> str:
    """Return what changes whenever a file of `content`, or this program, does."""
    written_as = Path(known.__file__).stat().st_mtime_ns
    seen = zlib.crc32(f"{__version__} {written_as} {content.knowledge}".encode())
    files = size = 0
    for folder in (content.knowledge, content.templates):
        for entry in _walk(folder):
            status = entry.stat()
            seen = zlib.crc32(f"{entry.path} {status.st_size} {status.st_mtime_ns}".encode(), seen)
            files += 1
            size += status.st_size
    return f"{seen:08x}-{files}-{size}"


def cache_file(content: Content, ending: str) -> Path | None:
    """Return where something computed from `content` as it is now belongs, or None if there is no place for it."""
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


def write_cache(path: Path, data: bytes) -> None:
    """Write `data` so that no other process ever sees a part of it. Raises OSError."""
    draft = path.with_suffix(f".{os.getpid()}")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
