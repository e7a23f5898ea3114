"""Which causes are mistaken for one another, and what tells them apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from troubleshoot.engine.differential import PARTED, asked_of_both, main_symptoms, shared_answers
from troubleshoot.engine.ranking import Likelihoods
from troubleshoot.model import Catalog, Cause, Question

MOST = 5
"""Causes named beside one."""


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A cause that another is mistaken for, and the question whose answers differ most; none if no question helps."""

    cause: Cause
    question: Question | None


def lookalikes(catalog: Catalog) -> Mapping[str, tuple[Lookalike, ...]]:
    """Return, for each cause, those that show the same main symptom and are answered most alike, the nearest first."""
    likelihoods = Likelihoods.of(catalog)
    showing: dict[str, list[Cause]] = {}
    for cause in catalog.causes.values():
        for symptom in main_symptoms(cause):
            showing.setdefault(symptom, []).append(cause)
    return {cause.id: tuple(_nearest(catalog, likelihoods, cause, showing)) for cause in catalog.causes.values()}


def _nearest(
    catalog: Catalog, likelihoods: Likelihoods, cause: Cause, showing: Mapping[str, list[Cause]]
) -> list[Lookalike]:
    found: list[tuple[float, str, str]] = []
    shared: dict[str, int] = {}
    for symptom in main_symptoms(cause):
        for other in showing[symptom]:
            shared[other.id] = shared.get(other.id, 0) + 1
    shared.pop(cause.id, None)
    for id_, symptoms in shared.items():
        asked = sorted(asked_of_both(cause, catalog.causes[id_]))
        alike = {question: shared_answers(likelihoods, question, cause.id, id_) for question in asked}
        telling = min(asked, key=lambda question: alike[question], default="")
        apart = sum(1 - share for share in alike.values())
        is_telling = bool(telling) and alike[telling] <= PARTED
        found.append((apart - symptoms - sum(alike.values()) / 2, id_, telling if is_telling else ""))
    return [Lookalike(catalog.causes[id_], catalog.questions.get(telling)) for _, id_, telling in sorted(found)[:MOST]]
