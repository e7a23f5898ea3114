"""Which of many patterns occur in a text, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple

from troubleshoot import patterns
from troubleshoot.catalog.needles import LEAST, Needles

SHORT = 64 << 10
"""Bytes of a text that is short."""
FEW = 4
"""Searches that do not pay for an automaton."""


class Automaton:
    """Finds which of many patterns may occur in a piece of text; one that is given twice is looked for once.

    Each is wanted with its needles. In the first few texts, if they are short, only those patterns are looked for of
    which all needles occur, which takes less time than to build an automaton of them all.
    """

    def __init__(self, wanted: Iterable[tuple[str, Sequence[Needles]]]) -> None:
        self._places: dict[str, list[int]] = {}
        self._needles: dict[str, Sequence[Needles]] = {}
        for index, (pattern, needles) in enumerate(wanted):
            self._places.setdefault(pattern, []).append(index)
            self._needles[pattern] = needles
        self._set: Any = None
        self._searches = 0
        self._building = Lock()

    def search(self, text: bytes) -> list[int]:
        """Return the indexes of the patterns that occur in `text`, sorted. May be called from several threads."""
        wanted = list(self._places)
        self._searches += 1
        if not patterns.IS_FAST or (self._set is None and len(text) <= SHORT and self._searches <= FEW):
            wanted = self._that_may_occur(text.lower())
            automaton = patterns.automaton_of(wanted)
        else:
            with self._building:
                automaton = self._set = self._set or patterns.automaton_of(wanted)
        found = automaton.Match(text) if wanted else None
        return sorted(index for place in found or () for index in self._places[wanted[place]])

    @cached_property
    def _beginnings(self) -> Mapping[str, Sequence[str]]:
        """The patterns by how their first needles begin; a look at that rules out most of them at once."""
        patterns: dict[str, list[str]] = {}
        for pattern, needles in self._needles.items():
            for needle in needles[0] if needles else ():
                patterns.setdefault(_bytes_of(needle)[:LEAST], []).append(pattern)
        return patterns

    def _that_may_occur(self, text: bytes) -> list[str]:
        """Return the patterns all of whose needles occur in `text`, which is in lower case."""
        letters = text.decode("latin-1")
        begun = {letters[at : at + LEAST] for at in range(len(letters))} & self._beginnings.keys()
        likely = {pattern for beginning in begun for pattern in self._beginnings[beginning]}
        return [
            pattern
            for pattern, needles in self._needles.items()
            if not needles
            or (pattern in likely and all(any(_bytes_of(one) in letters for one in texts) for texts in needles))
        ]


def _bytes_of(needle: str) -> str:
    """Return the bytes of a needle, a letter for each."""
    return needle if needle.isascii() else needle.encode().decode("latin-1")


class Match(NamedTuple):
    """A line that a pattern matches: where the line starts and ends in the text, what matched, the named groups."""

    start: int
    end: int
    quoted: str
    groups: Mapping[str, str]


def lines_matching(pattern: Any, text: bytes) -> Iterator[Match]:
    """Yield each line of `text` that `pattern` matches."""
    position = 0
    while (found := pattern.search(text, position)) is not None:
        start = text.rfind(b"\n", 0, found.start()) + 1
        end = text.find(b"\n", found.end())
        end = len(text) if end < 0 else end
        groups = {
            name: value.decode(errors="replace") for name, value in found.groupdict().items() if value is not None
        }
        yield Match(start, end, found.group().decode(errors="replace"), groups)
        position = end + 1
        if position > len(text):
            return
