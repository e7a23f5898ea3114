"""What words mean, distilled from a small language model when the knowledge was packed: vectors of word pieces.

The file `words.bin` beside the knowledge is made by `tests/words/make.py`; where there is none, words are only words.
"""

from __future__ import annotations

import functools
import json
import math
import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import add, mul
from pathlib import Path
from typing import Any

from troubleshoot.model import Catalog
from troubleshoot.sources.lexicon import SENTENCE

FILE = "words.bin"
SCHEMA = 1
TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
LONGEST_WORD = 100
MOST_PIECES = 2_000
"""Pieces of a text that are read."""
CONTINUES = "##"


@dataclass(frozen=True, slots=True)
class Words:
    """Vectors of word pieces, and a linear head over them that knows the causes.

    `numbers` maps a piece to its row in `vectors`, rows of `dimensions` int8 numbers. `head` has a row for each of
    `causes`, and one behind them for what is said around a problem; its logits are `row · v / |v| + bias`.
    """

    numbers: dict[str, int]
    vectors: array[int]
    dimensions: int
    causes: Sequence[str]
    head: array[int]
    head_scale: float
    biases: Sequence[float]
    made_from: str

    def pieces(self, text: str) -> Iterator[int]:
        """Yield the numbers of the pieces of `text`: of each word the longest known, then the longest of the rest."""
        plain = text.lower()
        if not plain.isascii():
            plain = "".join(
                letter for letter in unicodedata.normalize("NFD", plain) if not unicodedata.combining(letter)
            )
        for found in TOKEN.finditer(plain):
            yield from self._pieces_of(found.group()[:LONGEST_WORD])

    def _pieces_of(self, word: str) -> Iterator[int]:
        start, mark = 0, ""
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self.numbers.get(mark + word[start:end])
                if number is not None:
                    yield number
                    break
            else:
                end = start + 1
            start, mark = end, CONTINUES

    def vector(self, text: str) -> list[int]:
        """Return the sum of the vectors of the pieces of `text`, which is long where there is much to go by."""
        total = [0] * self.dimensions
        for count, number in enumerate(self.pieces(text)):
            if count == MOST_PIECES:
                break
            start = number * self.dimensions
            total = list(map(add, total, self.vectors[start : start + self.dimensions]))
        return total

    def logits(self, vector: Sequence[int]) -> list[float]:
        """Return how much a text with this vector speaks for each cause; empty if it has no known word."""
        scale = self._scale(vector)
        return [self._logit(row, vector, scale) for row in range(len(self.causes))] if scale else []

    def asideness(self, vector: Sequence[int]) -> float:
        """Return how much a text sounds like what is said around a problem, as a logit; 0 if it has no known word."""
        scale = self._scale(vector)
        return self._logit(len(self.causes), vector, scale) if scale else 0.0

    def _scale(self, vector: Sequence[int]) -> float:
        length = math.sqrt(sum(map(mul, vector, vector)))
        return self.head_scale / length if length else 0.0

    def _logit(self, row: int, vector: Sequence[int], scale: float) -> float:
        start = row * self.dimensions
        product: int = sum(map(mul, self.head[start : start + self.dimensions], vector))
        return product * scale + self.biases[row]


def sentences_of(catalog: Catalog) -> Iterator[str]:
    """Yield the sentences that words are distilled from; the phrases, titles and tells teach the head as well."""
    for cause in catalog.causes.values():
        yield from (cause.title, cause.tell, *cause.phrases, *SENTENCE.split(cause.explanation.replace("\n", " ")))
    for symptom in catalog.symptoms.values():
        yield from (symptom.title, *symptom.phrases)


def fingerprint(catalog: Catalog) -> str:
    """Return what changes whenever a sentence does that words are made from."""
    import hashlib

    return hashlib.blake2b("\n".join(sentences_of(catalog)).encode(), digest_size=8).hexdigest()


@functools.cache
def read_words(knowledge: Path) -> Words | None:
    """Return the words that belong to the knowledge in this folder, or None if there are none that can be read."""
    try:
        data = (knowledge / FILE).read_bytes()
        head, _, rest = data.partition(b"\n")
        header: dict[str, Any] = json.loads(head)
        if header["schema"] != SCHEMA:
            return None
        pieces, _, numbers = rest.partition(b"\0")
        names = pieces.decode().split("\n")
        dimensions = int(header["dimensions"])
        size = len(names) * dimensions
        vectors, rows = array("b", numbers[:size]), array("b", numbers[size:])
        if len(vectors) != size or len(rows) != (len(header["causes"]) + 1) * dimensions:
            return None
        return Words(
            numbers={name: number for number, name in enumerate(names)},
            vectors=vectors,
            dimensions=dimensions,
            causes=header["causes"],
            head=rows,
            head_scale=float(header["head_scale"]),
            biases=header["biases"],
            made_from=str(header["made_from"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
