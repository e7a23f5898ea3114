"""What a source is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from troubleshoot.model import Evidence, Skipped, Version


class Source(Protocol):
    """Something the user handed over, which can be looked through once for evidence."""

    def collect(self) -> Iterator[Evidence | Version | Skipped]:
        """Yield what was observed, the versions in use, and what could not be examined and why."""
