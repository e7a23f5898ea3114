"""What is known so far, said in lines, so that a person sees what was taken from what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from troubleshoot.engine.dialogue import NONE_TEXT
from troubleshoot.model import SYMPTOM_QUESTION, TELL_QUESTION, Catalog, Evidence

MOST_LINES = 6


def known_lines(catalog: Catalog, evidence: Sequence[Evidence]) -> list[str]:
    """Return a line for each thing observed or answered, the most telling first, and how many more there are."""
    lines = list(dict.fromkeys(_lines(catalog, evidence)))
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"and {more} more"] if more > 1 else lines


def _lines(catalog: Catalog, evidence: Sequence[Evidence]) -> Iterable[str]:
    for item in evidence:
        if item.kind == "symptom" and item.subject in catalog.symptoms:
            yield f"You see: {catalog.symptoms[item.subject].title}"
    for kind in ("finding", "signal", "answer"):
        for item in evidence:
            if item.kind == kind:
                yield _answer(catalog, item) if kind == "answer" else _placed(item)


def _placed(item: Evidence) -> str:
    return f"{item.location or item.source}: {item.what}"


def _answer(catalog: Catalog, item: Evidence) -> str:
    if item.subject == SYMPTOM_QUESTION:
        return f"You see: {catalog.symptoms[item.value].title}"
    if item.subject == TELL_QUESTION:
        return f"True of your code: {catalog.causes[item.value].tell if item.value in catalog.causes else NONE_TEXT}"
    question = catalog.questions[item.subject]
    return f"{question.text} {question.options[item.value]}"
