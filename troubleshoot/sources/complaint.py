"""A complaint in the user's own words: what is pasted into it, and its likeness to how people describe each cause."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from troubleshoot.model import NONE_OF_THESE, Catalog, Evidence, Skipped, Version
from troubleshoot.redaction import shown
from troubleshoot.sources.history import told_apart
from troubleshoot.sources.language import in_latin, is_foreign, other_framework
from troubleshoot.sources.lexicon import Lexicon, Likeness, consult
from troubleshoot.sources.logs import LogSource, Wanted
from troubleshoot.sources.passages import Passage, judged, sentences, telling, together
from troubleshoot.sources.pasted import Complaint, take_apart
from troubleshoot.sources.words import Words
from troubleshoot.versions.prose import versions_said

LEXICAL, MEANT = 2.35, 2.9
"""How much the words themselves count, and how much what they mean."""
LEXICAL_MOST, MEANT_MOST = 5.0, 4.0
"""Where more of a likeness says hardly any more."""
STRONG = 10.0
"""The score of the most alike at which a likeness counts for half: few words prove little."""
FEW = 100
"""Of fewer causes than this, standard scores would say little; as many more are thought of that share no word."""
DIVIDED, TELLING = 0.9, 50.0
"""How much a likeness counts where the words themselves are most like one cause and what they mean like another, and
the score of the most alike from which that tells something: of few words the two often differ."""
USUAL = 1.0
"""The standard scores up to which a likeness is what any text has with something."""
EXPLAINED = 8
"""For how many causes, the most alike, it is said what matched."""
WORDS_SHOWN = 4
MOST_BESIDE = 400
"""Lines of source that count as the surroundings of an error that is quoted beside it."""
SENTENCE = 400
"""Characters of what people say that are quoted; hardly any sentence is longer."""
ERROR = re.compile(r"(?:\w+\.){0,8}\w+(?:Error|Exception|Warning): ")
FOREIGN = "it is not in English, so its own words are not understood; English in it, errors, logs and source are"
SOUNDS = "your words, taken together, are like those for this"


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How alike a text is to what is known of a cause (0 to 1), and what of it matched."""

    cause: str
    degree: float
    what: str


@dataclass(slots=True)
class ComplaintSource:
    """What the user says: what is pasted into it is read like a log, the rest compared with what the knowledge says.

    `exceptions` are the last lines of the tracebacks in the logs, which count for the comparison, and `quoted` is what
    signatures have recognised in the logs, which does not. After `collect`, `code` holds the pieces of source in it.
    """

    catalog: Catalog
    text: str
    exceptions: Sequence[str] = ()
    quoted: Sequence[str] = ()
    index: Path | None = None
    words: Words | None = None
    wanted: Wanted | None = None
    code: tuple[str, ...] = field(default=(), init=False)

    def collect(self) -> Iterator[Evidence | Version | Skipped]:
        """Yield what stands in the text, then the causes that it resembles."""
        complaint = take_apart(self.text)
        self.code = complaint.code
        exceptions, quoted, exact = list(self.exceptions), set(self.quoted), set(self.quoted)
        if self.text.strip():
            now, before, elsewhere = map("\n".join, told_apart(complaint.paragraphs))
            for log in self._logs(complaint, complaint.log, f"{now}\n{complaint.other}"):
                yield from log.collect()
                exceptions += log.exceptions
                quoted |= set(log.quoted)
                exact |= log.exact
            for text, counts in ((before, not quoted), (elsewhere, False)):
                for log in self._logs(complaint, text):
                    over = list(log.collect())
                    yield from over if counts else ()
                    exceptions += log.exceptions if counts else ()
                    quoted |= set(log.quoted)
            for package, version in versions_said(complaint.prose):
                yield Version(package=package, text=version, trust="said", location="complaint")
        elif not exceptions:
            yield Skipped(source="complaint", location="", why="it is empty")
            return
        source = "complaint" if self.text.strip() else "log"
        about = "\n".join(f"{family.title} {family.about}" for family in self.catalog.families.values())
        other = other_framework(self.text, "\n".join((*self.exceptions, *self.quoted)), about)
        if other:
            what = f"you speak of {other}, and of nothing that has to do with FastAPI"
            yield Evidence(kind="elsewhere", subject=NONE_OF_THESE, source=source, what=what)
            return
        paragraphs = complaint.paragraphs
        if is_foreign(" ".join(paragraphs), self.words.numbers if self.words else ()):
            yield Skipped(source="complaint", location="", why=FOREIGN)
            paragraphs = in_latin(paragraphs)
        longest_first = sorted(quoted, key=lambda part: (-len(part), part))
        said = [
            *(_said_besides(text, longest_first, exact) for text in sentences(paragraphs)),
            *(_without(text, longest_first) for text in exceptions),
        ]
        has_log = bool(exceptions or quoted)
        for found in consult(
            self.catalog, self.index, lambda lexicon: resemblances(said, lexicon, self.words, has_log=has_log)
        ):
            yield Evidence(kind="resemblance", subject=found.cause, degree=found.degree, source=source, what=found.what)

    def _logs(self, complaint: Complaint, *texts: str) -> Iterator[LogSource]:
        """Yield what reads each of `texts` like a log, in which an error may be quoted."""
        code = [line for piece in complaint.code for line in piece.split("\n")][:MOST_BESIDE]
        for text in texts:
            if text.strip():
                stream = io.BytesIO(text.encode())
                yield LogSource(self.catalog, stream, "", "complaint", wanted=self.wanted, beside=code)


def _said_besides(sentence: str, quoted: Sequence[str], exact: Collection[str]) -> str:
    """Return what is left of `sentence` without what a signature has recognised.

    One that would lose most of its words keeps them, unless they are the very words of a library: how somebody puts it
    tells more than that it was recognised.
    """
    rest = _without(sentence, quoted)
    is_told = 2 * len(rest.split()) < len(sentence.split())
    return sentence if is_told and not any(part in sentence for part in exact) else rest


def _without(text: str, quoted: Sequence[str]) -> str:
    """Return `text` without what a signature has recognised, which is evidence already."""
    for part in quoted:
        if part in text:
            if ERROR.match(text):
                return " "
            text = text.replace(part, " ")
    return text


def resemblances(texts: Sequence[str], lexicon: Lexicon, words: Words | None, *, has_log: bool) -> list[Resemblance]:
    """Return each cause that `texts` together resemble, the most alike first."""
    passages = telling([judged(text, words) for text in texts], has_log=has_log)
    likeness, vector = together(passages, lexicon)
    scores: dict[str, float] = {}
    with_meaning = set(lexicon.causes if words is None else words.causes)
    for number, score in _standard(likeness.scores, max(len(lexicon.causes), FEW)).items():
        cause = lexicon.causes[number]
        scores[cause] = LEXICAL * _bounded(score - USUAL, LEXICAL_MOST)
        if cause not in with_meaning:
            # What a pack says has no meaning yet, and must be found beside what has; its words stand for it.
            scores[cause] += MEANT * _bounded(score - USUAL, MEANT_MOST)
    best = max(likeness.scores.values(), default=0.0)
    weight = 1.0
    if words is not None:
        logits = words.logits(vector)
        nearest = {_leader(likeness.scores, lexicon.causes), _leader(dict(enumerate(logits)), words.causes)}
        weight = DIVIDED if best > TELLING and nearest <= with_meaning and len(nearest) > 1 else 1.0
        for number, score in _standard(dict(enumerate(logits)), len(words.causes)).items():
            cause = words.causes[number]
            scores[cause] = scores.get(cause, 0.0) + MEANT * _bounded(score - USUAL, MEANT_MOST)
    ranked = sorted((-score, cause) for cause, score in scores.items() if score > 0)
    share = weight * best / (best + STRONG) / (LEXICAL * LEXICAL_MOST + MEANT * MEANT_MOST)
    numbers = {cause: number for number, cause in enumerate(lexicon.causes)}
    return [
        Resemblance(
            cause,
            -score * share,
            _what_matched(passages, likeness, numbers[cause], lexicon) if place < EXPLAINED else SOUNDS,
        )
        for place, (score, cause) in enumerate(ranked)
        if cause in numbers
    ]


def _leader(scores: Mapping[int, float], causes: Sequence[str]) -> str:
    """Return the cause with the highest of `scores`; nothing if there are none."""
    return causes[max(scores, key=lambda number: (scores[number], causes[number]))] if scores else ""


def _bounded(score: float, most: float) -> float:
    """Return a positive `score` as it is where it is small, and never more than `most`."""
    return most * math.tanh(score / most) if score > 0 else 0.0


def _standard(scores: Mapping[int, float], count: int) -> dict[int, float]:
    """Return `scores` as standard scores among `count` causes, those that are not there having none."""
    if not scores:
        return {}
    mean = math.fsum(scores.values()) / count
    spread = math.sqrt(max(0.0, math.fsum(score * score for score in scores.values()) / count - mean * mean))
    return {number: (score - mean) / spread for number, score in scores.items()} if spread else {}


def _what_matched(passages: Sequence[Passage], likeness: Likeness, number: int, lexicon: Lexicon) -> str:
    """Return which words of the user's matched, and the sentence of the knowledge that is most like theirs."""
    weights = {
        term: weight
        for passage in passages
        for term in passage.terms
        if (weight := lexicon.term(term).causes.get(number, 0.0))
    }
    best = sorted(weights, key=lambda term: (-weights[term], term))
    words = [term for term in best if not any(term != other and term in other.split() for other in best[:WORDS_SHOWN])]
    nearest = likeness.nearest.get(number)
    if not words or nearest is None:
        return SOUNDS
    named = ", ".join(f"“{shown(word, 40)}”" for word in words[:WORDS_SHOWN])
    return f"you say {named}; people say “{shown(lexicon.sentence(nearest), SENTENCE)}”"
