"""Results go to a file whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from troubleshoot.errors import OutputError


def beside(target: Path) -> Path:
    """Return a name in the folder of `target` for a draft of it; a name before there is a file can be cleared away
    whenever an interruption comes."""
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}")


def write_draft(draft: Path, data: bytes) -> None:
    """Write `data` to the new file `draft` down to the disk. Raises `OSError`."""
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


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
    draft = beside(path)
    try:
        write_draft(draft, data)
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
