"""Bugs of ours that show in somebody's source: each costs as little as possible, and is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from troubleshoot.code.files import Files
from troubleshoot.model import Skipped

WHOLE = "."
"""The location of what concerns no file in particular."""
CALLS = "the search for calls in the wrong place"


@contextmanager
def contained(files: Files, location: str, what: str) -> Iterator[None]:
    """Let an exception inside cost no more than what is inside; for what is raised see `Files.failed`."""
    try:
        yield
    except Exception as error:
        files.failed(error, location, what)


def search_for(cause: str) -> str:
    """Return what a detector does, in words."""
    return f"the search for {cause}"


def has_failed(cause: str, skipped: tuple[Skipped, ...]) -> bool:
    """Return whether the search for `cause` is among what has failed, at least in part."""
    return any(item.why.startswith((f"{search_for(cause)} failed", f"{CALLS} failed")) for item in skipped)
