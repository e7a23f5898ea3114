"""Differential diagnosis: which causes show the same, and which questions tell them apart.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from troubleshoot.engine.ranking import Likelihoods
from troubleshoot.model import Catalog, Cause

PARTED = 0.5
"""A question tells two causes apart if no more than this share of their answers to it is the same."""


def main_symptoms(cause: Cause) -> set[str]:
    """Return the symptoms that a cause shows always or often."""
    return {symptom for symptom, word in cause.symptoms.items() if word != "sometimes"}


def mistakable(catalog: Catalog) -> Iterator[tuple[Cause, Cause]]:
    """Yield the pairs of causes that share a main symptom."""
    main = {cause.id: main_symptoms(cause) for cause in catalog.causes.values()}
    for one, other in combinations(catalog.causes.values(), 2):
        if main[one.id] & main[other.id]:
            yield one, other


def alike(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield the pairs of causes that share a main symptom and that no question tells apart."""
    likelihoods = Likelihoods.of(catalog)
    for one, other in mistakable(catalog):
        if not any(tells_apart(likelihoods, question, one.id, other.id) for question in asked_of_both(one, other)):
            yield one.id, other.id


def asked_of_both(one: Cause, other: Cause) -> set[str]:
    """Return the questions that two causes have answers to."""
    return one.answers.keys() & other.answers.keys()


def tells_apart(likelihoods: Likelihoods, question: str, one: str, other: str) -> bool:
    """Return whether a question tells two causes apart that have answers to it."""
    return shared_answers(likelihoods, question, one, other) <= PARTED


def shared_answers(likelihoods: Likelihoods, question: str, one: str, other: str) -> float:
    """Return which share (0 to 1) of their answers to `question`, of which both speak, two causes have in common."""
    shares = likelihoods.answers[question]
    return sum(min(share, shares[other].get(option, 0.0)) for option, share in shares[one].items())
