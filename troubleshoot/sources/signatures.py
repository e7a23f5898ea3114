"""Which of many patterns occur in a text, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple

from troubleshoot import patterns
from troubleshoot.catalog.needles import LEAST
from troubleshoot.catalog.signatures import ANYWHERE, Signatures, bytes_of

SHORT = 64 << 10
"""Bytes of a text that is short."""
FEW = 4
"""Searches that do not pay for an automaton."""


class Automaton:
    """Finds which of many signatures may occur in a piece of text; a pattern that is given twice is looked for once.

    In the first few texts, if they are short, only those patterns are looked for of which all needles occur, which
    takes less time than to build an automaton of them all.
    """

    def __init__(self, known: Signatures) -> None:
        self._known = known
        self._all: tuple[Any, Mapping[str, Sequence[int]]] | None = None
        self._searches = 0
        self._building = Lock()

    def search(self, text: bytes) -> list[int]:
        """Return the indexes of the signatures that occur in `text`, sorted. May be called from several threads."""
        self._searches += 1
        if not patterns.IS_FAST or (self._all is None and len(text) <= SHORT and self._searches <= FEW):
            automaton, places = self._automaton_of(self._that_may_occur(text.lower()))
        else:
            with self._building:
                automaton, places = self._all = self._all or self._automaton_of(range(len(self._known.rows)))
        wanted = list(places)
        found = automaton.Match(text) if wanted else None
        return sorted(index for place in found or () for index in places[wanted[place]])

    def _automaton_of(self, indexes: Iterable[int]) -> tuple[Any, Mapping[str, Sequence[int]]]:
        """Return an automaton of the patterns of some signatures, and to which of these each belongs."""
        places: dict[str, list[int]] = {}
        for index in indexes:
            places.setdefault(self._known.rows[index].pattern, []).append(index)
        return patterns.automaton_of(list(places)), places

    def _that_may_occur(self, text: bytes) -> list[int]:
        """Return the signatures of which all needles occur in `text`, which is in lower case."""
        letters = text.decode("latin-1")
        beginnings = self._known.beginnings
        begun = {letters[at : at + LEAST] for at in range(len(letters))} & beginnings.keys()
        likely = {index for beginning in (ANYWHERE, *begun) for index in beginnings.get(beginning, ())}
        return [
            index
            for index in sorted(likely)
            if all(any(bytes_of(one) in letters for one in texts) for texts in self._known.needles[index])
        ]


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
