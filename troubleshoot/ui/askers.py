"""Which way of asking fits the terminal."""

from __future__ import annotations

import sys

from troubleshoot import program
from troubleshoot.errors import AnswerNeededError
from troubleshoot.ui import draws
from troubleshoot.ui.asker import Asker


def new_asker(*, plain: bool) -> Asker:
    """Return the asker that fits the terminal. Raises `AnswerNeededError` if there is none."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise AnswerNeededError(
            f"there is no terminal to ask on; use `{program.name()} answer` with a complaint, --log or --answer"
        )
    if plain or not draws(sys.stderr):
        from troubleshoot.ui.numbered import NumberedAsker

        return NumberedAsker()
    from troubleshoot.ui.drawn import DrawnAsker

    return DrawnAsker()
