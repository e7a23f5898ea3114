"""Every log signature of the knowledge as one automaton, in linear time whatever the pattern or the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import re2

from troubleshoot.model import Catalog, EvidenceKind

BOUNDED = re.compile(r"(?<!\\)\{(?P<least>[01]),\d{2,}\}")
AUTOMATON_MEMORY = 256 << 20
"""Bytes the automaton may take at most; it is built lazily, so ordinary logs use a small part of it."""


@dataclass(frozen=True, slots=True)
class Signature:
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
        for cause in catalog.causes.values()
        for index, signal in enumerate(cause.signals, start=1)
    )
    return (*symptoms, *signals)


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = AUTOMATON_MEMORY
    return options


def compiled(pattern: str) -> Any:
    """Return `pattern` compiled. Raises `re2.error` if it is none."""
    return re2.compile(pattern, _options())


def _unbounded(repeat: re.Match[str]) -> str:
    return "*" if repeat["least"] == "0" else "+"


class Automaton:
    """Finds which of many patterns may occur in a piece of text; one that is given twice is looked for once.

    A repeat with a high bound is taken for one without: RE2 writes out every repetition, and a few such patterns would
    take longer to build than all the others together. What is found is looked at again with the pattern as it is.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._places: dict[str, list[int]] = {}
        for index, pattern in enumerate(patterns):
            self._places.setdefault(pattern, []).append(index)
        self._indexes = list(self._places.values())
        self._set = re2.Set.SearchSet(_options())
        for pattern in self._places:
            self._set.Add(BOUNDED.sub(_unbounded, pattern))
        if patterns:
            self._set.Compile()

    def search(self, text: bytes) -> list[int]:
        """Return the indexes of the patterns that occur in `text`, sorted."""
        found = self._set.Match(text) if self._places else None
        return sorted(index for place in found or () for index in self._indexes[place])


@dataclass(frozen=True, slots=True)
class Match:
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
