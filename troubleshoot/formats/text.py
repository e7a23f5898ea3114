"""The answer as plain text, for pipes, files and terminals that want no drawing."""

from __future__ import annotations

from troubleshoot.formats.fitting import fitted
from troubleshoot.formats.layout import lay, text_of
from troubleshoot.formats.page import page_of
from troubleshoot.formats.prose import page_width
from troubleshoot.investigation.answer import Answer


def write(answer: Answer) -> str:
    """Return `answer` as plain text, as wide as the terminal says, but for code."""
    page = page_of(answer)
    return "".join(f"{text_of(row)}\n" for row in lay((*page.short, *page.rest), page_width()))


def write_short(answer: Answer, rows: int) -> str:
    """Return what of `answer` comes first, in at most so many rows of the terminal."""
    return "".join(f"{text_of(row)}\n" for row in fitted(page_of(answer).short, page_width(), rows))
