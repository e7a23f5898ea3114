"""Results go to a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from troubleshoot.errors import OutputError


def write_file(path: Path, text: str | bytes, *, force: bool) -> None:
    """Write `text` to `path`, replacing a file that is there only with `force`.

    Raises `OutputError` when it cannot be done; then the folder is as it was.
    """
    if path.exists() and not force:
        raise OutputError(f"{path}: exists already; choose another name or add --force")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
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
