"""Changes are written whole or not at all, into the very files that were read."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from troubleshoot.errors import OutputError
from troubleshoot.output import beside, write_draft


def write_changes(root: Path, changes: Mapping[str, bytes], original: Callable[[str], bytes]) -> None:
    """Write the new content of files below `root`; modes and links stay.

    Raises `OutputError`, after putting everything back, if a file has changed since it was read, may not be written, or
    lies elsewhere; so does an interruption.
    """
    targets = {path: _target(root, path, original(path)) for path in sorted(changes)}
    drafts: dict[str, Path] = {}
    done: list[str] = []
    try:
        for path, target in targets.items():
            drafts[path] = beside(target)
            _draft(drafts[path], target, changes[path])
        for path, target in targets.items():
            if target.read_bytes() != original(path):
                raise OutputError(f"{path}: has changed since it was read; nothing was written")
            done.append(path)
            drafts[path].replace(target)
    except BaseException as error:
        for path in done:
            with suppress(OSError):
                if targets[path].read_bytes() == changes[path]:
                    _restore(targets[path], original(path))
        if isinstance(error, OSError):
            raise OutputError(f"{path}: cannot be written: {error.strerror}; nothing was changed") from error
        raise
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def _target(root: Path, path: str, expected: bytes) -> Path:
    """Return the file itself, behind all links. Raises `OutputError` if it must not be written."""
    target = Path(os.path.realpath(root / path))
    if not target.is_relative_to(os.path.realpath(root)):
        raise OutputError(f"{path}: leads to {target}, outside the project; nothing was written")
    try:
        mode = target.stat().st_mode
        if not stat.S_ISREG(mode):
            raise OutputError(f"{path}: is no regular file; nothing was written")
        if not mode & 0o222 or not os.access(target, os.W_OK):
            raise OutputError(f"{path}: is read-only; nothing was written")
        if target.read_bytes() != expected:
            raise OutputError(f"{path}: has changed since it was read; nothing was written")
    except OSError as error:
        raise OutputError(f"{path}: cannot be read: {error.strerror}; nothing was written") from error
    return target


def _draft(draft: Path, target: Path, data: bytes) -> None:
    """Write to `draft` what can take the place of `target`. Raises `OSError`."""
    write_draft(draft, data)
    status = target.stat()
    if hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(draft, status.st_uid, status.st_gid)
    draft.chmod(stat.S_IMODE(status.st_mode))


def _restore(target: Path, data: bytes) -> None:
    draft = beside(target)
    try:
        _draft(draft, target, data)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
