"""From evidence to ranked causes: Bayes' rule over words, with "none of these" always competing.

Pure. Every weight is relative to the hypothesis that the cause is not in the knowledge, which therefore always has the
weight 0; what a cause does not mention leaves it where it is.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeVar

from troubleshoot.engine.strengths import (
    CLEAN_BITS,
    DIAGNOSED,
    ELSEWHERE_BITS,
    FINDING_BITS,
    FREQUENCY,
    LIKELIHOOD,
    LIKELY,
    MOST_NAMED,
    NOISE,
    NONE_OF_THESE_PRIOR,
    OUTCOME_BITS,
    PASTED_SHARE,
    READING_BITS,
    RESEMBLANCE_BITS,
    RIVAL_BITS,
    SIGNAL_BITS,
    SYMPTOM_SHARE,
    TELL_BITS,
    VERSION_BITS,
)
from troubleshoot.model import (
    NONE_OF_THESE,
    SYMPTOM_QUESTION,
    Candidate,
    Catalog,
    Diagnosis,
    Evidence,
    Likelihood,
    Reason,
    Status,
)

T = TypeVar("T")

GRADED: Mapping[str, Mapping[str, float]] = {
    "finding": {str(word): bits for word, bits in FINDING_BITS.items()},
    "reading": {str(word): bits for word, bits in READING_BITS.items()},
}
"""The kinds of evidence of which the strongest alone counts for a cause, with their weights."""


class Likelihoods(NamedTuple):
    """A catalog in the form that the arithmetic wants.

    `prior` maps each cause, and "none of these", to its prior probability, and `weights` to log2 of that. `options` and
    `answers` map each question, the opening one included, to its options, and to the causes that say something about
    it, with the share of each option that they name. `symptoms` maps each symptom to how often it is met, whatever the
    cause.
    """

    prior: Mapping[str, float]
    weights: Mapping[str, float]
    options: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, Mapping[str, Mapping[str, float]]]
    symptoms: Mapping[str, float]

    @classmethod
    def of(cls, catalog: Catalog) -> Likelihoods:
        """Arrange `catalog`; what there is to a question is looked up when that is first asked about."""
        frequencies = {cause: FREQUENCY[word] for cause, word in catalog.frequencies.items()}
        total = math.fsum(frequencies.values()) / (1 - NONE_OF_THESE_PRIOR)
        prior = {cause: share / total for cause, share in frequencies.items()}
        prior[NONE_OF_THESE] = NONE_OF_THESE_PRIOR
        options = _ByQuestion(lambda question: tuple(catalog.questions[question].options))
        options[SYMPTOM_QUESTION] = tuple(catalog.symptoms)
        given = catalog.answers
        answers = _ByQuestion(lambda question: {cause: _shares(words) for cause, words in given[question].items()})
        met = dict.fromkeys(options[SYMPTOM_QUESTION], 0.0)
        for cause, shares in answers[SYMPTOM_QUESTION].items():
            for symptom, chance in shares.items():
                met[symptom] += prior[cause] * chance
        known = math.fsum(met.values()) or 1.0
        symptoms = {symptom: (1 - NOISE) * share / known + NOISE / len(met) for symptom, share in met.items()}
        weights = {cause: math.log2(chance) for cause, chance in prior.items()}
        return cls(prior, weights, options, answers, symptoms)

    def probability(self, question: str, option: str, cause: str) -> float:
        """Return the probability of an answer under a cause; where the cause does not say, as if nothing were known."""
        shares = self.answers[question].get(cause)
        if shares is None:
            return self.background(question, option)
        return (1 - NOISE) * shares.get(option, 0.0) + NOISE / len(self.options[question])

    def background(self, question: str, option: str) -> float:
        """Return the probability of an answer when nothing is known of the cause."""
        return self.symptoms[option] if question == SYMPTOM_QUESTION else 1 / len(self.options[question])

    def _answer_bits(self, question: str, option: str) -> dict[str, float]:
        """Return how much an answer speaks for each cause that says something about the question, in bits."""
        background, mistaken = self.background(question, option), NOISE / len(self.options[question])
        named = {cause: shares.get(option, 0.0) for cause, shares in self.answers[question].items()}
        # However many the causes, they say it in a few words.
        bits = {share: math.log2(((1 - NOISE) * share + mistaken) / background) for share in set(named.values())}
        return {cause: bits[share] for cause, share in named.items()}

    def bits(self, item: Evidence) -> Mapping[str, float]:
        """Return how much `item` speaks for each cause that it touches, in bits."""
        match item.kind:
            case "answer":
                return self._answer_bits(item.subject, item.value)
            case "symptom":
                # A log holds more than one thing at a time, so a symptom in it speaks against nothing.
                shown = self.answers[SYMPTOM_QUESTION]
                return {
                    cause: SYMPTOM_SHARE * item.degree * max(0.0, bits)
                    for cause, bits in self._answer_bits(SYMPTOM_QUESTION, item.subject).items()
                    if item.subject in shown[cause]
                }
            case "signal":
                return {item.subject: SIGNAL_BITS[item.value]}  # type: ignore[index]
            case "resemblance":
                return {item.subject: RESEMBLANCE_BITS * item.degree}
            case "tell":
                return {item.subject: TELL_BITS[item.value]}
            case "reading":
                return {item.subject: READING_BITS[item.value]}  # type: ignore[index]
            case "outcome":
                return {item.subject: OUTCOME_BITS[item.value]}
            case "finding":
                share = PASTED_SHARE if item.source == "complaint" else 1.0
                return {item.subject: share * FINDING_BITS[item.value]}  # type: ignore[index]
            case "clean":
                share = PASTED_SHARE if item.source == "complaint" else 1.0
                return {item.subject: share * CLEAN_BITS}
            case "version":
                return {item.subject: VERSION_BITS[item.value]}
            case "elsewhere":
                return {NONE_OF_THESE: ELSEWHERE_BITS}


class _ByQuestion(dict[str, T]):
    """What is made for a question when it is first looked up."""

    def __init__(self, make: Callable[[str], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, question: str) -> T:
        made = self[question] = self._make(question)
        return made


def _shares(words: Mapping[str, Likelihood]) -> dict[str, float]:
    """Return the words for options as probabilities that add up to 1."""
    return dict(zip(words, _together(tuple(words.values())), strict=True))


@functools.cache
def _together(words: tuple[Likelihood, ...]) -> tuple[float, ...]:
    # Thousands of mappings have a few hundred rows of words between them.
    total = math.fsum(LIKELIHOOD[word] for word in words)
    return tuple(LIKELIHOOD[word] / total for word in words)


def distinct(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Return each observation once, in an order of its own, however often and in whatever order it was made.

    However many tools find a mistake, and wherever, it is there once: the gravest finding of a cause counts, and of
    those who name it after reading the case the surest; and however many lines confirm a cause, one of them does. Whose
    tell was shown and is not true, nobody names any more.
    """
    kept: dict[tuple[str, str, str, str], Evidence] = {}
    given = list(evidence)
    refused = {item.subject for item in given if item.kind == "tell" and item.value == "no"}
    for item in sorted(given, key=_order):
        if item.kind == "reading" and item.subject in refused:
            continue
        value = "" if item.kind in GRADED else item.value
        key = "" if item.value == "confirms" else item.key
        kept.setdefault((item.kind, item.subject, value, key), item)
    return list(kept.values())


def _order(item: Evidence) -> tuple[str, str, float, str, str, float, str, str, str]:
    grave = -GRADED[item.kind][item.value] if item.kind in GRADED else 0.0
    return (item.kind, item.subject, grave, item.value, item.key, -item.degree, item.source, item.location, item.what)


def rank(likelihoods: Likelihoods, evidence: Iterable[Evidence]) -> tuple[Candidate, ...]:
    """Return every hypothesis, "none of these" included, most probable first; the probabilities add up to 1."""
    weights = dict(likelihoods.weights)
    reasons: dict[str, list[Reason]] = {}
    for item in distinct(evidence):
        touched = {cause: bits for cause, bits in likelihoods.bits(item).items() if bits and cause in weights}
        reason = {bits: Reason(evidence=item, bits=bits) for bits in set(touched.values())}
        for cause, bits in touched.items():
            weights[cause] += bits
            reasons.setdefault(cause, []).append(reason[bits])
    highest = max(weights.values())
    # Most causes have no weight of their own.
    share = {weight: 2.0 ** (weight - highest) for weight in set(weights.values())}
    total = math.fsum(map(share.__getitem__, weights.values()))
    for found in reasons.values():
        if len(found) > 1:
            found.sort(key=lambda reason: (-abs(reason.bits), _order(reason.evidence)))
    ranked = sorted((-(share[weight] / total), cause) for cause, weight in weights.items())
    return tuple(Candidate(cause, -probability, tuple(reasons.get(cause, ()))) for probability, cause in ranked)


def diagnose(ranking: Iterable[Candidate]) -> Diagnosis:
    """Return what may honestly be said of a ranking: a cause, a few among which it is, or that it cannot be told."""
    hypotheses = list(ranking)
    none = next(candidate for candidate in hypotheses if candidate.cause == NONE_OF_THESE)
    candidates = tuple(candidate for candidate in hypotheses if candidate is not none)
    spoken_for = tuple(candidate for candidate in candidates if any(map(_points_at_it, candidate.reasons)))
    together = list(accumulate(candidate.probability for candidate in spoken_for[:MOST_NAMED]))
    status: Status = "unknown"
    named = 0
    contested = ""
    rival = _rival(spoken_for[:MOST_NAMED])
    if together and together[0] >= DIAGNOSED:
        status, named = ("likely", rival + 1) if rival else ("diagnosed", 1)
        contested = spoken_for[rival].cause if rival else ""
    elif together and together[-1] >= LIKELY:
        status, named = "likely", next(count for count, share in enumerate(together, start=1) if share >= LIKELY)
    return Diagnosis(
        status=status, candidates=spoken_for, named=named, none_probability=none.probability, rival=contested
    )


def _rival(candidates: Sequence[Candidate]) -> int:
    """Return the place of the cause that would lead by far if nobody had read the case; 0 if that is the first."""
    observed = [
        math.log2(max(candidate.probability, sys.float_info.min))
        - math.fsum(reason.bits for reason in candidate.reasons if reason.evidence.kind == "reading")
        for candidate in candidates
    ]
    if not observed or max(observed) - observed[0] < RIVAL_BITS:
        return 0
    return observed.index(max(observed))


def _points_at_it(reason: Reason) -> bool:
    """Return whether `reason` speaks for a cause; that it can happen in the versions in use alone does not."""
    return reason.bits > 0 and reason.evidence.kind != "version"
