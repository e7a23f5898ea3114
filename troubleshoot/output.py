"""Results go to a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from troubleshoot.errors import OutputError


def written_beside(target: Path, data: bytes) -> Path:
    """Write `data` to a new file beside `target` that can take its place. Raises `OSError`; then there is none."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def write_file(path: Path, text: str | bytes, *, force: bool) -> None:
    """Write `text` to `path`, replacing a file that is there only with `force`.

    A link is followed; what is no file, such as a device, is written to and stays.
    Raises `OutputError` when it cannot be done; then the folder is as it was.
    """
    data = text.encode() if isinstance(text, str) else text
    try:
        if path.exists() and not path.is_file():
            _write_into(path, data)
            return
        if (path.exists() or path.is_symlink()) and not force:
            raise _exists(path)
        _replace(Path(os.path.realpath(path)), data, force=force)
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error


def _exists(path: Path) -> OutputError:
    return OutputError(f"{path}: exists already; choose another name or add --force")


def _write_into(path: Path, data: bytes) -> None:
    # A pipe that nobody reads must not hold anybody up.
    handle = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
    if hasattr(os, "set_blocking"):
        os.set_blocking(handle, True)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _replace(path: Path, data: bytes, *, force: bool) -> None:
    draft = written_beside(path, data)
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        draft.chmod(mode)
        if force:
            draft.replace(path)
        else:
            # A link, unlike a rename, fails if somebody has made the file in the meantime.
            path.hardlink_to(draft)
    finally:
        with suppress(OSError):
            draft.unlink()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
