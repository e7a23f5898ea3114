"""Patterns of our own that are compiled when they are first used: a start uses few of those that it meets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING


class _LazyPattern:
    """Stands for a pattern; each of its methods is looked up once, so that a search costs no more than it would."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._given = (pattern, flags)

    def __getattr__(self, name: str) -> object:
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)
        return found


if TYPE_CHECKING:
    pattern = re.compile
else:

    def pattern(text: str, flags: int = 0) -> _LazyPattern:
        """Return what is used as `re.compile(text, flags)` is."""
        return _LazyPattern(text, flags)
