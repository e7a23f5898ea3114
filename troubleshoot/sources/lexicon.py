"""The words with which the knowledge speaks of each cause, indexed by SQLite, and how much each speaks for it."""

from __future__ import annotations

import math
import re
import sqlite3
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from troubleshoot.catalog.cache import drafted, is_trusted, tidy
from troubleshoot.model import Catalog, Cause

T = TypeVar("T")

FIELDS: Mapping[str, float] = {"phrases": 2.0, "title": 1.0, "tell": 1.0, "symptoms": 0.5, "explanation": 0.5}
"""What is said of a cause, and how much a word in each counts."""
COMPARED = frozenset(("phrases", "title"))
"""The fields whose sentences are compared one by one."""
TOKENIZER = "porter unicode61 remove_diacritics 2"
SATURATION, LENGTH = 1.2, 0.75
"""The usual constants of BM25, k1 and b."""
NEAREST = 3
"""How many of a cause's sentences, the most alike, are averaged."""
WORD = re.compile(r"[^\W_]+")
SENTENCE = re.compile(r"(?<=[.!?])\s+")
MOST_TERMS = 300
"""Words and pairs of a complaint that are looked up."""
STOP_WORDS = frozenset(
    """a about after again all also am an and any anyone are as at be because been but by can could did do does doing
    done don for from get gets getting got had has have having help here hi hello how i if in into is it its just
    like ll me more my no not now of on once one only or other our out please problem re s same should so some
    something still t than thank thanks that the their them then there these they this to too trying try up use used
    using ve very want was we were what when where which while who why will with work works would you your fastapi app
    application""".split()  # noqa: SIM905 - a list of words reads better as words
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or two in a row, and where the knowledge has it.

    `causes` maps a cause to how much the term speaks for it; `sentences` are numbers of sentences that hold it, and
    `rarity` is its inverse document frequency among them.
    """

    text: str
    causes: Mapping[int, float]
    sentences: Sequence[int]
    rarity: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike a text is to what is said of each cause: a score, and the number of the nearest sentence."""

    scores: Mapping[int, float]
    nearest: Mapping[int, int]


def terms_of(text: str) -> tuple[str, ...]:
    """Return the words of `text` that tell something, and the pairs of neighbours, each once."""
    words = [word.lower() for word in WORD.findall(text)]
    single = dict.fromkeys(word for word in words if word not in STOP_WORDS and len(word) > 1)
    pairs = dict.fromkeys(" ".join(pair) for pair in pairwise(words) if not STOP_WORDS.issuperset(pair))
    return (*single, *pairs)


DAMAGE = (sqlite3.Error, IndexError, ValueError)
"""What a damaged index leads to, some of it only when a certain page is read."""


class Lexicon:
    """The index of `catalog`, open for reading; causes and sentences are numbered."""

    def __init__(self, database: sqlite3.Connection, catalog: Catalog) -> None:
        self._database = database
        self._catalog = catalog
        shape = database.execute("SELECT causes, owners, weights, lengths, compared FROM shape").fetchone()
        names, owners, weights, lengths, self._compared = shape
        self.causes: list[str] = names.split("\n")
        self._owners = array("H", owners)
        self._weights = array("f", weights)
        self._lengths = array("H", lengths)
        self._sizes = [0.0] * len(self.causes)
        for owner, length in zip(self._owners, self._lengths, strict=True):
            self._sizes[owner] += length
        self._mean_size = sum(self._sizes) / len(self._sizes)
        self._mean_length = sum(self._lengths) / len(self._lengths)
        self._terms: dict[str, Term] = {}

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def term(self, text: str) -> Term:
        """Return what the knowledge says with `text`; each is looked up once."""
        known = self._terms.get(text)
        if known is None:
            known = self._terms[text] = self._look_up(text)
        return known

    def _look_up(self, text: str) -> Term:
        counts: dict[int, float] = defaultdict(float)
        sentences = []
        for (row,) in self._database.execute("SELECT rowid FROM said WHERE said MATCH ?", [f'"{text}"']):
            counts[self._owners[row - 1]] += self._weights[row - 1]
            if row <= self._compared:
                sentences.append(row)
        weight = _rarity(len(counts), len(self.causes))
        causes = {
            cause: weight * _saturated(count, self._sizes[cause] / self._mean_size) for cause, count in counts.items()
        }
        return Term(text, causes, sentences, _rarity(len(sentences), self._compared))

    def likeness(self, terms: Iterable[str]) -> Likeness:
        """Return how alike a text of these terms is to what is said of each cause."""
        scores: dict[int, float] = defaultdict(float)
        sentences: dict[int, float] = defaultdict(float)
        for text in islice(terms, MOST_TERMS):
            term = self.term(text)
            for cause, weight in term.causes.items():
                scores[cause] += weight
            for row in term.sentences:
                sentences[row] += term.rarity
        best: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for row, score in sentences.items():
            share = _saturated(1, self._lengths[row - 1] / self._mean_length)
            best[self._owners[row - 1]].append((score * share, row))
        nearest = {}
        for cause, found in best.items():
            found.sort(reverse=True)
            scores[cause] += sum(score for score, _ in found[:NEAREST]) / NEAREST
            nearest[cause] = found[0][1]
        return Likeness(scores, nearest)

    def sentence(self, number: int) -> str:
        """Return a sentence of the knowledge, one of those that are compared."""
        owner = self._owners[number - 1]
        first = bisect_left(self._owners, owner, hi=self._compared)
        texts = [text for _, text in _compared(self._catalog.causes[self.causes[owner]])]
        return texts[number - 1 - first]


def _saturated(count: float, length: float) -> float:
    """Return how much a word that occurs `count` times counts in a text of `length` times the usual length."""
    return count * (SATURATION + 1) / (count + SATURATION * (1 - LENGTH + LENGTH * length))


def _rarity(count: int, total: int) -> float:
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


def consult(catalog: Catalog, index: Path | None, work: Callable[[Lexicon], T]) -> T:
    """Return what `work` finds in the index at `index`.

    It is written first if it is not there, or if it turns out to be damaged; without a place for it, in memory.
    """
    for _ in range(2 if index is not None else 0):
        assert index is not None
        with suppress(OSError, *DAMAGE):
            if not index.exists():
                write_index(catalog, index)
                tidy(index.parent)
            with closing(Lexicon(_opened(index), catalog)) as lexicon:
                return work(lexicon)
        with suppress(OSError):
            index.unlink()
    database = sqlite3.connect(":memory:")
    _fill(database, catalog)
    with closing(Lexicon(database, catalog)) as lexicon:
        return work(lexicon)


def _opened(index: Path) -> sqlite3.Connection:
    """Open an index for reading. Raises `sqlite3.Error` if the file is none, OSError if it is somebody else's."""
    if not is_trusted(index):
        raise PermissionError(f"{index}: somebody else may have written this")
    database = sqlite3.connect(f"file:{quote(str(index))}?mode=ro&immutable=1", uri=True)
    try:
        database.execute("SELECT 1 FROM shape").fetchone()
    except sqlite3.Error:
        database.close()
        raise
    return database


def write_index(catalog: Catalog, path: Path) -> None:
    """Write the index so that no other process ever sees a part of it."""
    with drafted(path) as draft, closing(sqlite3.connect(draft)) as database:
        _fill(database, catalog)


def _fill(database: sqlite3.Connection, catalog: Catalog) -> None:
    database.execute(f"CREATE VIRTUAL TABLE said USING fts5(text, content='', columnsize=0, tokenize='{TOKENIZER}')")
    database.execute("CREATE TABLE shape (causes TEXT, owners BLOB, weights BLOB, lengths BLOB, compared INTEGER)")
    owners, weights, lengths = array("H"), array("f"), array("H")
    rows = [
        (number, name, text)
        for number, cause in enumerate(catalog.causes.values())
        for name, text in _sentences(catalog, cause)
    ]
    # The sentences that are compared one by one come first.
    rows.sort(key=lambda row: row[1] not in COMPARED)
    for row, (number, name, text) in enumerate(rows, start=1):
        owners.append(number)
        weights.append(FIELDS[name])
        lengths.append(min(len(WORD.findall(text)), 1000))
        database.execute("INSERT INTO said (rowid, text) VALUES (?, ?)", [row, text])
    shape = ["\n".join(catalog.causes), owners.tobytes(), weights.tobytes(), lengths.tobytes()]
    compared = sum(name in COMPARED for _, name, _ in rows)
    database.execute("INSERT INTO shape VALUES (?, ?, ?, ?, ?)", [*shape, compared])
    # The index in one piece is the smaller one, and nothing is added to it later.
    database.execute("INSERT INTO said (said) VALUES ('optimize')")
    database.commit()
    database.execute("VACUUM")


def _sentences(catalog: Catalog, cause: Cause) -> Iterator[tuple[str, str]]:
    """Yield the field and the text of each sentence about a cause."""
    yield from _compared(cause)
    yield "tell", cause.tell
    for symptom in (catalog.symptoms[name] for name in cause.symptoms):
        for text in (symptom.title, *symptom.phrases):
            yield "symptoms", text
    for text in SENTENCE.split(cause.explanation):
        yield "explanation", text


def _compared(cause: Cause) -> Iterator[tuple[str, str]]:
    """Yield the field and the text of each sentence about a cause that a complaint is compared with."""
    for phrase in cause.phrases:
        yield "phrases", phrase
    yield "title", cause.title
