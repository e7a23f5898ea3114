"""What was typed or pasted into the terminal and has not been read yet."""

from __future__ import annotations

import sys

BREATH = 0.05
"""Seconds in which the next piece of what is being pasted arrives."""


def is_waiting(seconds: float = 0.0) -> bool:
    """Return whether standard input has something to read now, or within so many seconds."""
    try:
        import select

        return bool(select.select([sys.stdin], [], [], seconds)[0])
    except (OSError, ValueError):
        return _has_key()


def forget() -> None:
    """Throw away what is waiting, so that the shell does not take the rest of a paste for commands."""
    try:
        import termios

        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    except (ImportError, OSError, ValueError):
        return


def _has_key() -> bool:
    """Return whether a key waits on a system whose `select` knows sockets only."""
    try:
        import msvcrt
    except ImportError:
        return False
    return bool(msvcrt.kbhit())  # type: ignore[attr-defined,unused-ignore]
