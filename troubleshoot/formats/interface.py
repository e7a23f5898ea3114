"""What a format is."""

from __future__ import annotations

from typing import Protocol

from troubleshoot.answer import Answer


class Format(Protocol):
    """Turns an answer into text that ends in a line end."""

    def __call__(self, answer: Answer) -> str:
        """Return `answer` written down."""
