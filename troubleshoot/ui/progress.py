"""A progress line on standard error for what takes a while."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from troubleshoot.investigation.intake import Progress

QUIET = 0.5
"""Seconds before anything is shown."""
PAUSE = 0.1
"""Seconds between two drawings of a line."""


def bar(name: str, size: int) -> Callable[[int], None]:
    """Return what is told how many bytes of a log of `size` bytes (0 if unknown) have been read."""
    started = time.monotonic()
    drawn = 0.0

    def tell(done: int) -> None:
        nonlocal drawn
        now = time.monotonic()
        finished = bool(size) and done >= size
        if now - started < QUIET or (now - drawn < PAUSE and not finished):
            return
        drawn = now
        share = f"{100 * done // size:3d} % of {size >> 20} MB" if size else f"{done >> 20} MB"
        sys.stderr.write("\r\x1b[K" if finished else f"\r\x1b[Kreading {name}: {share}")
        sys.stderr.flush()

    return tell


def status(what: str) -> None:
    """Show what is being done; the empty string takes the line away."""
    sys.stderr.write(f"\r\x1b[K{what} …" if what else "\r\x1b[K")
    sys.stderr.flush()


def importing(name: str) -> Callable[[float | None], None]:
    """Return what is told for how many seconds an application is being imported, and None when that is over."""

    def tell(seconds: float | None) -> None:
        if seconds is None or seconds >= QUIET:
            sys.stderr.write("\r\x1b[K" if seconds is None else f"\r\x1b[Kimporting {name}: {seconds:.0f} s")
            sys.stderr.flush()

    return tell


def counted() -> Callable[[int], None]:
    """Return what is told how many more lines have been answered, and 0 at the end."""
    started = time.monotonic()
    drawn = 0.0
    lines = 0

    def tell(more: int) -> None:
        nonlocal drawn, lines
        now = time.monotonic()
        lines += more
        if not more:
            status("")
        elif now - started >= QUIET and now - drawn >= PAUSE:
            drawn = now
            status(f"answered {lines:,} lines, {lines / (now - started):,.0f} a second")

    return tell


def shown() -> Progress:
    """Return progress that is shown on standard error."""
    return Progress(reading=bar, importing=importing, doing=status)
