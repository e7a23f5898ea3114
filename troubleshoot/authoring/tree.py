"""The dialogue unrolled into the decision tree that it is."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.engine.dialogue import describe, next_question
from troubleshoot.engine.ranking import Likelihoods, diagnose, rank
from troubleshoot.model import NONE_OF_THESE, SYMPTOM_QUESTION, TELL_QUESTION, Catalog, Evidence
from troubleshoot.sources.answers import evidence_of


def tree(catalog: Catalog, depth: int, symptom: str | None = None) -> Iterator[str]:
    """Yield the lines of the decision tree that the dialogue amounts to, `depth` questions deep.

    Raises `UsageError` for a `symptom` that is not there.
    """
    likelihoods = Likelihoods.of(catalog)
    start = list(evidence_of(catalog, SYMPTOM_QUESTION, symptom)) if symptom else []
    yield catalog.symptoms[symptom].title if symptom else describe(catalog, SYMPTOM_QUESTION).text
    yield from _branches(catalog, likelihoods, start, depth, "")


def _branches(
    catalog: Catalog, likelihoods: Likelihoods, evidence: list[Evidence], depth: int, indent: str
) -> Iterator[str]:
    ranking = rank(likelihoods, evidence)
    diagnosis = diagnose(ranking)
    ask = next_question(catalog, likelihoods, ranking, evidence) if diagnosis.status != "diagnosed" else None
    if ask is None or depth == 0:
        for candidate in diagnosis.candidates[: 1 if diagnosis.status == "diagnosed" else 3]:
            yield f"{indent}└─ {candidate.probability:4.0%} {candidate.cause}"
        return
    yield f"{indent}{ask.text} ({ask.gain:.1f} bits)"
    shown = [cause for cause in ask.options if cause != NONE_OF_THESE] if ask.question == TELL_QUESTION else []
    for option, text in ask.options.items():
        yield f"{indent}├─ {text}"
        told = [*evidence, *evidence_of(catalog, ask.question, option, shown)]
        yield from _branches(catalog, likelihoods, told, depth - 1, f"{indent}│  ")
