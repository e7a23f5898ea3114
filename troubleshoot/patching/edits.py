"""Edits of a text, and the text after them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from troubleshoot.patching.texts import WithheldError


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """What stands from `start` to `end` becomes `text`; of several at one place the one made first comes first."""

    start: int
    end: int
    number: int
    text: str


def applied(text: str, edits: Iterable[Edit], path: str) -> str:
    """Return `text` after `edits`. Raises `WithheldError` if one changes what another does."""
    pieces, position = [], 0
    for edit in sorted(set(edits)):
        if edit.start < position:
            raise WithheldError(f"two changes of {path} meet in one place")
        pieces += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*pieces, text[position:]])
