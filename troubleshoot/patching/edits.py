"""Single edits of a text, and the text that they make."""

from __future__ import annotations

import io
import tokenize
from collections import Counter
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


def loses_comment(before: str, after: str) -> bool:
    """Return whether a comment of the one source is not in the other, at whatever place."""
    return before.count("#") > after.count("#") and bool(_comments(before) - _comments(after))


def _comments(source: str) -> Counter[str]:
    found: Counter[str] = Counter()
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                found[token.string] += 1
    except (tokenize.TokenError, SyntaxError):
        # What cannot be read is found out by whoever reads it as a whole.
        pass
    return found
