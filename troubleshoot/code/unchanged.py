"""Whether files are such that all that was once asked of them would be answered alike today."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from troubleshoot.code.asked import Asked
from troubleshoot.code.files import Files


def state_of(files: Files) -> dict[str, Any]:
    """Return what JSON can hold of the files as they are, and of what was asked of them."""
    read = files.asked.read | {""}
    return {
        "digests": files.digests,
        "answers": {path: _answers(files.asked, path, files) for path in files.digests if path not in read},
        "asked": files.asked.values(),
    }


def is_as_good_as(state: Mapping[str, Any], files: Files) -> bool:
    """Return whether files that were in `state` once have changed, if at all, in nothing that was asked of them.

    Raises KeyError, TypeError, AttributeError or ValueError for what is no state.
    """
    before, now = state["digests"], files.digests
    if before == now:
        return True
    changed = [path for path in now if before.get(path) != now[path]]
    if before.keys() != now.keys() or any(path not in state["answers"] for path in changed):
        return False
    from troubleshoot.code.syntax.parsing import is_sound

    asked = Asked.of(state["asked"])
    return all(state["answers"][path] == _answers(asked, path, files) and is_sound(files.raw(path)) for path in changed)


def unread(state: Mapping[str, Any], files: Files) -> set[str]:
    """Return the files that were not read, and have not changed since; for what is raised see `is_as_good_as`."""
    return {path for path in state["answers"] if state["digests"][path] == files.digests.get(path)}


def _answers(asked: Asked, path: str, files: Files) -> str:
    return hashlib.blake2b(asked.answers(path, files.raw(path)).encode(), digest_size=8).hexdigest()
