"""Every log signature of the knowledge, and which of them occur in a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple

from troubleshoot import patterns
from troubleshoot.model import Catalog, EvidenceKind

SHORT = 64 << 10
"""Bytes of a text that is short."""
FEW = 4
"""Searches that do not pay for an automaton."""


class Signature(NamedTuple):
    """A pattern for one line, and what it is evidence of."""

    pattern: str
    within: str
    kind: EvidenceKind
    subject: str
    value: str
    key: str
    raised: str = ""
    general: bool = False


def signatures_of(catalog: Catalog) -> tuple[Signature, ...]:
    """Return the signatures of all symptoms and causes, in a fixed order."""
    symptoms = (
        Signature(pattern, "", "symptom", symptom.id, "", "")
        for symptom in catalog.symptoms.values()
        for pattern in symptom.signatures
    )
    signals = (
        Signature(
            signal.pattern,
            signal.within,
            "signal",
            cause.id,
            signal.weight,
            str(index),
            signal.raised or "",
            signal.general,
        )
        for cause in catalog.outlines.values()
        for index, signal in enumerate(cause.signals, start=1)
    )
    return (*symptoms, *signals)


class Automaton:
    """Finds which of many patterns may occur in a piece of text; one that is given twice is looked for once.

    `needles` are those of `Catalog`. In the first few texts, if they are short, only those patterns are looked for of
    which a needle occurs, which takes less time than to build an automaton of them all.
    """

    def __init__(self, wanted: Sequence[str], needles: Mapping[str, Sequence[str]] | None = None) -> None:
        self._places: dict[str, list[int]] = {}
        for index, pattern in enumerate(wanted):
            self._places.setdefault(pattern, []).append(index)
        self._patterns = list(self._places)
        self._needles = needles or {}
        self._set: Any = None
        self._searches = 0
        self._building = Lock()

    def search(self, text: bytes) -> list[int]:
        """Return the indexes of the patterns that occur in `text`, sorted. May be called from several threads."""
        wanted = self._patterns
        self._searches += 1
        if not patterns.IS_FAST or (self._set is None and len(text) <= SHORT and self._searches <= FEW):
            lower = text.lower()
            wanted = [pattern for pattern in wanted if self._may_occur(pattern, lower)]
            automaton = patterns.automaton_of(wanted)
        else:
            with self._building:
                automaton = self._set = self._set or patterns.automaton_of(wanted)
        found = automaton.Match(text) if wanted else None
        return sorted(index for place in found or () for index in self._places[wanted[place]])

    def _may_occur(self, pattern: str, text: bytes) -> bool:
        needles = self._needles.get(pattern)
        return not needles or any(needle.encode() in text for needle in needles)


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
