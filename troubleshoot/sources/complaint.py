"""A complaint in the user's own words: errors quoted in it, and its likeness to how people describe each cause."""

from __future__ import annotations

import math
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

from troubleshoot.model import Catalog, Evidence, Skipped, Version
from troubleshoot.redaction import shown
from troubleshoot.sources.logs import LogSource

COLUMNS: Mapping[str, float] = {"phrases": 2.0, "title": 1.0, "tell": 1.0, "symptoms": 0.5, "explanation": 0.5}
"""The fields of a cause that are searched, and how much a word in each counts."""
TOKENIZER = "porter unicode61 remove_diacritics 2"
WORD = re.compile(r"[^\W_]+")
NEAREST_PHRASES = 3
"""How many of a cause's phrases, the most alike, are averaged."""
SCALE = 4.0
"""The score, relative to the weight of the complaint's words, at which the degree is 1 - 1/e."""
LEAST_WEIGHT = 20.0
"""The weight of some seven telling words; fewer are too few to be sure of anything."""
MOST_TERMS = 200
LONGEST = 20_000
"""Characters of a complaint that are compared; what people write in their own words is shorter."""
STOP_WORDS = frozenset(
    """a about after again all also am an and any anyone are as at be because been but by can could did do does doing
    done don for from get gets getting got had has have having help here hi hello how i if in into is it its just
    like ll me more my no not now of on once one only or other our out please problem re s same should so some
    something still t than thank thanks that the their them then there these they this to too trying try up use used
    using ve very want was we were what when where which while who why will with work works would you your fastapi app
    application""".split()  # noqa: SIM905 - a list of words reads better as words
)


@dataclass(frozen=True, slots=True)
class ComplaintSource:
    """What the user says, searched for signatures like a log and compared with what the knowledge says of each cause.

    `exceptions` are the last lines of the tracebacks in the logs, which count for the comparison, and `quoted` is what
    signatures have recognised in the logs, which does not.
    """

    catalog: Catalog
    text: str
    exceptions: Sequence[str] = ()
    quoted: Sequence[str] = ()
    index: Path | None = None

    def collect(self) -> Iterator[Evidence | Version | Skipped]:
        """Yield the signatures found in the text, then the causes that it resembles."""
        errors = LogSource.of_complaint(self.catalog, self.text)
        if self.text.strip():
            yield from errors.collect()
        elif not self.exceptions:
            yield Skipped(source="complaint", location="", why="it is empty")
            return
        whole = " ".join([self.text, *self.exceptions])
        # What a signature has recognised is evidence already; its words would count twice.
        for quoted in {*errors.quoted, *self.quoted}:
            whole = whole.replace(quoted, " ")
        source = "complaint" if self.text.strip() else "log"
        what = f"sounds like it: “{shown(whole, 100)}”"
        for cause, degree in resemblances(self.catalog, whole, self.index):
            yield Evidence(kind="resemblance", subject=cause, degree=degree, source=source, what=what)


def resemblances(catalog: Catalog, text: str, index: Path | None = None) -> Sequence[tuple[str, float]]:
    """Return each cause that shares words with `text`, with the degree (0 to 1), the most alike first.

    The degree rises with the BM25 score of the cause's description and of its nearest phrases, relative to the weight
    of the complaint's words, and never quite reaches 1. `index` is where the compiled search index is kept between
    runs; without it, it lives in memory.
    """
    words = [word.lower() for word in WORD.findall(text[:LONGEST])]
    terms = list(dict.fromkeys(word for word in words if word not in STOP_WORDS and len(word) > 1))[:MOST_TERMS]
    pairs = list(dict.fromkeys(pair for pair in pairwise(words) if not STOP_WORDS.issuperset(pair)))
    if not terms:
        return []
    with closing(_open(catalog, index)) as database:
        scores = _scores(database, [*terms, *(" ".join(pair) for pair in pairs[:MOST_TERMS])])
        scale = _scale(database, terms)
    degrees = {cause: 1 - math.exp(-score / scale) for cause, score in scores.items()}
    return sorted(degrees.items(), key=lambda item: (-item[1], item[0]))


def _open(catalog: Catalog, index: Path | None) -> sqlite3.Connection:
    """Open the search index at `index`, writing it first if it is not there; without a place for it, in memory."""
    if index is not None:
        with suppress(OSError, sqlite3.Error):
            if not index.exists():
                _build(catalog, index)
            return _opened(index)
    database = sqlite3.connect(":memory:")
    _fill(database, catalog)
    return database


def _opened(index: Path) -> sqlite3.Connection:
    """Open a search index for reading. Raises `sqlite3.Error` if the file is none."""
    database = sqlite3.connect(f"file:{quote(str(index))}?mode=ro&immutable=1", uri=True)
    try:
        database.execute("SELECT 1 FROM causes LIMIT 1")
    except sqlite3.Error:
        database.close()
        raise
    return database


def _build(catalog: Catalog, path: Path) -> None:
    """Write the search index so that no other process ever sees a part of it."""
    draft = path.with_suffix(f".{os.getpid()}")
    try:
        with closing(sqlite3.connect(draft)) as database:
            _fill(database, catalog)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _fill(database: sqlite3.Connection, catalog: Catalog) -> None:
    columns = ", ".join(COLUMNS)
    database.execute(f"CREATE VIRTUAL TABLE causes USING fts5(id UNINDEXED, {columns}, tokenize='{TOKENIZER}')")
    database.execute(f"CREATE VIRTUAL TABLE phrases USING fts5(id UNINDEXED, text, tokenize='{TOKENIZER}')")
    for cause in catalog.causes.values():
        symptoms = [catalog.symptoms[symptom] for symptom in cause.symptoms]
        texts = {
            "phrases": " . ".join(cause.phrases),
            "title": cause.title,
            "tell": cause.tell,
            "symptoms": " . ".join([text for symptom in symptoms for text in (symptom.title, *symptom.phrases)]),
            "explanation": cause.explanation,
        }
        places = ", ".join("?" * (len(COLUMNS) + 1))
        database.execute(f"INSERT INTO causes VALUES ({places})", [cause.id, *(texts[name] for name in COLUMNS)])
        database.executemany(
            "INSERT INTO phrases VALUES (?, ?)", [(cause.id, phrase) for phrase in (cause.title, *cause.phrases)]
        )
    database.commit()


def _scores(database: sqlite3.Connection, terms: Sequence[str]) -> Mapping[str, float]:
    query = " OR ".join(f'"{term}"' for term in terms)
    weights = ", ".join(str(weight) for weight in COLUMNS.values())
    whole = dict(database.execute(f"SELECT id, -bm25(causes, 0, {weights}) FROM causes WHERE causes MATCH ?", [query]))
    phrases: dict[str, list[float]] = {}
    for cause, score in database.execute("SELECT id, -bm25(phrases) FROM phrases WHERE phrases MATCH ?", [query]):
        phrases.setdefault(cause, []).append(score)
    nearest = {cause: sorted(found, reverse=True)[:NEAREST_PHRASES] for cause, found in phrases.items()}
    return {cause: score + sum(nearest.get(cause, ())) / NEAREST_PHRASES for cause, score in whole.items()}


def _scale(database: sqlite3.Connection, terms: Sequence[str]) -> float:
    """Return the weight of `terms`, the sum of their inverse document frequencies, as a scale for scores."""
    (count,) = database.execute("SELECT count(*) FROM causes").fetchone()
    total = 0.0
    for term in terms:
        row = database.execute("SELECT count(*) FROM causes WHERE causes MATCH ?", [f'"{term}"']).fetchone()
        total += math.log(1 + (count - row[0] + 0.5) / (row[0] + 0.5))
    return SCALE * max(total, LEAST_WEIGHT)
