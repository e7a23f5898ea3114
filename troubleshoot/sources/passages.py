"""What of a complaint is about a problem: greetings, templates and the rest of a story count for nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import add

from troubleshoot.sources.lexicon import Lexicon, Likeness, terms_of
from troubleshoot.sources.words import Words

END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'`(\[0-9])|(?<=:)\s+(?=[A-Z])")
VALUE = r"(?:\w{0,80}[\d:/.][\w.:/]{0,80}\w|\d)"
STARTS = re.compile(
    r"\b((?:uvicorn|gunicorn|hypercorn|fastapi (?:run|dev))(?: +[\w./]+(?:\.py\b|:\w+(?:\(\))?))?)"
    rf"(?: +-{{1,2}}[\w-]+(?:[ =]{VALUE})?(?: +[\w.]+:\w+)?)+"
)
"""The command that starts a server, with options: nearly everybody says how they start theirs, whatever is wrong."""
MARKUP = re.compile(
    r"""!\[[^\]]{0,300}\]\([^)\s]{0,500}\)
      | \bat\s(?:[\w.$<>]{1,80}\s\()?https?://[^\s()]{1,500}:\d{1,7}:\d{1,7}\b\)?
      | \(Background\son\sthis\serror\sat:\s[^\s)]{1,100}\)?
      | </?(?:a|br|code|details|div|h\d|hr|img|kbd|p|pre|span|strong|summary|video)\b[^>]{0,500}>
      | \bhttps?://(?:[\w-]{1,60}\.){0,6}(?:github(?:usercontent)?\.com|stack(?:overflow|exchange)\.com|tiangolo\.com
        |starlette\.(?:dev|io)|encode\.io|uvicorn\.(?:dev|org)|pydantic\.dev|sqlalchemy\.org|python\.org|pypi\.org
        |readthedocs\.io|mozilla\.org|wikipedia\.org|youtube\.com|youtu\.be|medium\.com|imgur\.com)(?:[/?#][^\s)\]>"'`]{0,500}|\b)
    """,
    re.VERBOSE,
)
"""Pictures, HTML, frames of JavaScript, addresses of pages to read: how a report is written, not what it says."""
OWN_MACHINE = re.compile(r"\b127\.0\.0\.1(?=(?::\d{1,5})?/\w)")
"""The host in the address of a page: its numbers would be four words of the report, and say nothing of the server."""
LONGEST = 600
"""Characters of a sentence; what has no full stop for longer is cut at a space."""
LENGTH, ASIDE, BASE = 0.75, -0.72, -1.6
"""How the length and the likeness to what is said around a problem tell whether a sentence is about one: a logistic
regression on sentences of real reports and of `tests/words/asides.txt`."""
ABOUT = 0.5
"""The probability from which a sentence counts as being about the problem."""
NEARLY, FAINT = 0.8, 0.08
"""Where there is no log to go by and no sentence reaches that, those count that are nearly as probable as the best, if
that is not too faint."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, its terms, the sum of its words' vectors, and the probability that it is about a problem."""

    text: str
    terms: Sequence[str]
    vector: Sequence[int]
    about: float


def sentences(paragraphs: Iterable[str]) -> Iterator[str]:
    """Yield the sentences of `paragraphs`, without markup; in them a command that starts a server has no options."""
    for paragraph in paragraphs:
        for sentence in END.split(STARTS.sub(r"\1", OWN_MACHINE.sub("localhost", MARKUP.sub(" ", paragraph)))):
            rest = sentence.strip()
            while len(rest) > LONGEST:
                cut = rest.rfind(" ", 0, LONGEST)
                cut = cut if cut > 0 else LONGEST
                yield rest[:cut]
                rest = rest[cut:].strip()
            if rest:
                yield rest


def judged(text: str, words: Words | None) -> Passage:
    """Return `text` as a passage; where nothing is known of words, everything may be about a problem."""
    if words is None:
        return Passage(text, terms_of(text), (), 1.0)
    vector = words.vector(text)
    logit = LENGTH * math.log1p(len(text.split())) + ASIDE * words.asideness(vector) + BASE
    return Passage(text, terms_of(text), vector, 1 / (1 + math.exp(-max(-50.0, min(50.0, logit)))))


def telling(passages: Sequence[Passage], *, has_log: bool) -> list[Passage]:
    """Return the passages that count, of somebody who has handed over a log or has not."""
    best = max((passage.about for passage in passages), default=0.0)
    least = ABOUT if has_log else max(FAINT, min(ABOUT, NEARLY * best))
    return [passage for passage in passages if passage.about >= least]


def together(passages: Sequence[Passage], lexicon: Lexicon) -> tuple[Likeness, list[int]]:
    """Return how alike the passages, taken together, are to what is said of each cause, and their vector."""
    terms = dict.fromkeys(term for passage in passages for term in passage.terms)
    vector: list[int] = []
    for passage in passages:
        vector = list(map(add, vector, passage.vector)) if vector else list(passage.vector)
    return lexicon.likeness(terms), vector
