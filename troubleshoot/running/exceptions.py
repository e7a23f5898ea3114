"""Exceptions as objects: what each is chained to, and their text as Python writes it."""

from __future__ import annotations

import traceback
from collections.abc import Iterator


def text_of(error: BaseException) -> str:
    """Return an exception with all that it is chained to, as Python writes it."""
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception, what it came from, and so on, each once."""
    following: BaseException | None = error
    seen: list[BaseException] = []
    while following is not None and not any(following is item for item in seen):
        yield following
        seen.append(following)
        hidden = following.__suppress_context__
        following = following.__cause__ or (None if hidden else following.__context__)
