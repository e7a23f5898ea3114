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

    Raises `OutputError` when it cannot be done; then the folder is as it was.
    """
    if path.exists() and not force:
        raise OutputError(f"{path}: exists already; choose another name or add --force")
    try:
        draft = written_beside(path, text.encode() if isinstance(text, str) else text)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        draft.chmod(mode)
        if force:
            draft.replace(path)
        else:
            # A link, unlike a rename, fails if somebody has made the file in the meantime.
            path.hardlink_to(draft)
    except FileExistsError as error:
        raise OutputError(f"{path}: exists already; choose another name or add --force") from error
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            draft.unlink()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
