"""Where something stands that was not examined, as the formats of other programs want it."""

from __future__ import annotations

from troubleshoot.model import Skipped


def place_of(skipped: Skipped) -> tuple[str, int | None]:
    """Return the path and the line (from 1; None if unknown) of a location such as `app/main.py:12`."""
    path, _, line = skipped.location.rpartition(":")
    return (path, int(line)) if path and line.isdecimal() else (skipped.location, None)
