"""Patterns for text that somebody else has written: in RE2, which takes linear time whatever the pattern or the text.

Where RE2 is not installed, Python's own machine reads the same patterns. It is slower for many patterns and long texts,
so each is looked for only where a text occurs that must be in whatever it matches.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any

from troubleshoot import lazy

try:
    import re2
except ImportError:
    re2 = None

IS_FAST = re2 is not None
"""Whether many patterns are looked for at once."""
BOUNDED = lazy.pattern(r"(?<!\\)\{(?P<least>[01]),\d{2,}\}")
AUTOMATON_MEMORY = 256 << 20
"""Bytes an automaton may take at most; it is built lazily, so ordinary logs use a small part of it."""


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = AUTOMATON_MEMORY
    return options


@functools.cache
def compiled(pattern: str) -> Any:
    """Return `pattern` compiled, for searches in bytes. Raises `re.error`, or RE2's own, if it is none."""
    return _of_python(pattern) if re2 is None else re2.compile(pattern, _options())


@functools.cache
def _of_python(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode())


def mistake_in(pattern: str) -> str:
    """Return what is wrong with `pattern`, empty if nothing is: both machines must be able to read it."""
    try:
        _of_python(pattern)
        compiled(pattern)
    except Exception as error:  # RE2's class of errors is there only where RE2 is
        text = error.args[0] if error.args else str(error)
        return text.decode() if isinstance(text, bytes) else str(text)
    return ""


def automaton_of(patterns: Sequence[str]) -> Any:
    """Return an automaton whose `Match(text)` gives the indexes of the patterns that may occur in a text.

    A repeat with a high bound is taken for one without: RE2 writes out every repetition, and a few such patterns would
    take longer to build than all the others together. What is found is looked at again with the pattern as it is.
    """
    if re2 is None:
        return _OneByOne(patterns)
    automaton = re2.Set.SearchSet(_options())
    for pattern in patterns:
        automaton.Add(BOUNDED.sub(_unbounded, pattern))
    if patterns:
        automaton.Compile()
    return automaton


def _unbounded(repeat: re.Match[str]) -> str:
    return "*" if repeat["least"] == "0" else "+"


class _OneByOne:
    """Does without RE2 what its sets do."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = patterns

    def Match(self, text: bytes) -> list[int]:  # noqa: N802 - as RE2 calls it
        return [index for index, pattern in enumerate(self.patterns) if _of_python(pattern).search(text)]
