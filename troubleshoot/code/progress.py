"""Who is told how far a search has come."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]
"""Is told what is being done."""


def no_progress(_what: str) -> None:
    """Show nothing."""
