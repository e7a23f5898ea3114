"""The index that the search reads: which page speaks of which word, and how much the word says there."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from troubleshoot.values import frozen

WORD = re.compile(r"[^\W_]+")
LEAST = 2
"""Letters of a word."""
LONGEST = 40
SHARE = 0.03
"""The least share of a page's phrases in which a word stands that counts as what people say."""


@frozen
class Entry:
    """A page to be found: `texts` are what it is found by, with how much each says."""

    place: str
    title: str
    kind: str
    about: str
    texts: Sequence[tuple[int, str]]
    phrases: Sequence[str] = field(default=())


def words_of(text: str) -> list[str]:
    """Return the words of a text as the search takes them apart, too."""
    return [word for word in WORD.findall(text.lower()) if LEAST <= len(word) <= LONGEST]


def index_of(entries: Iterable[Entry]) -> str:
    """Return the index as a script that needs no server."""
    pages = []
    terms: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        pages.append([entry.place, entry.title, entry.kind, entry.about])
        for word, weight in sorted(_weights(entry).items()):
            terms.setdefault(word, []).extend((number, weight))
    value = {"pages": pages, "terms": dict(sorted(terms.items()))}
    return f"globalThis.KNOWLEDGE = {json.dumps(value, separators=(',', ':'))};\n"


def _weights(entry: Entry) -> Mapping[str, int]:
    weights: dict[str, int] = {}
    for weight, text in entry.texts:
        for word in words_of(text):
            weights[word] = max(weight, weights.get(word, 0))
    said = Counter(word for phrase in entry.phrases for word in set(words_of(phrase)))
    least = max(2, SHARE * len(entry.phrases))
    for word, times in said.items():
        if times >= least:
            weights[word] = max(weights.get(word, 0), 2 if times < 4 * least else 3)
    return weights
