"""What is sound and yet weak: causes that nothing tells apart, questions for nobody, what could go unnoticed."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.engine.differential import alike, asked_of_both, mistakable, tells_apart
from troubleshoot.engine.ranking import Likelihoods
from troubleshoot.model import Catalog, Cause
from troubleshoot.patterns import compiled

SHOWN = 5
"""How many pairs of causes are named."""


def shown_pairs(catalog: Catalog) -> Iterator[str]:
    """Yield a sentence for the first pairs of causes that no question tells apart, and one for how many more."""
    pairs = list(alike(catalog))
    for one, other in pairs[:SHOWN]:
        yield f"no question tells {one} and {other} apart"
    if len(pairs) > SHOWN:
        yield f"and so it is of {len(pairs) - SHOWN} more pairs; `knowledge alike` lists them"


def questions_for_nobody(catalog: Catalog) -> Iterator[str]:
    """Yield a sentence for each question that tells apart no two causes which share a main symptom."""
    likelihoods = Likelihoods.of(catalog)
    needed = {
        question
        for one, other in mistakable(catalog)
        for question in asked_of_both(one, other)
        if tells_apart(likelihoods, question, one.id, other.id)
    }
    for question in catalog.questions:
        if question not in needed:
            yield f"the question {question} tells apart no two causes that share a main symptom"


def unnoticed(catalog: Catalog) -> Iterator[str]:
    """Yield a sentence for each pattern that no example meets, and each example that meets what another does.

    To remove one of these would change the outcome of no example of its cause.
    """
    for cause in catalog.causes.values():
        yield from _unnoticed_of(cause)
    examples = [text.encode() for cause in catalog.causes.values() for text in _lines(cause)]
    for symptom in catalog.symptoms.values():
        for pattern in symptom.signatures:
            if not any(compiled(pattern).search(text) for text in examples):
                yield f"symptom {symptom.id}: no example of any cause meets the signature {pattern}"


def _unnoticed_of(cause: Cause) -> Iterator[str]:
    lines = [text.encode() for text in _lines(cause)]
    for number, signal in enumerate(cause.signals, start=1):
        if not any(compiled(signal.pattern).search(text) for text in lines):
            yield f"{cause.id}: no example meets signal {number}, {signal.pattern}"
    seen: dict[frozenset[int], int] = {}
    for number, text in enumerate(cause.examples.matches, start=1):
        met = frozenset(
            index
            for index, signal in enumerate(cause.signals)
            if any(compiled(signal.pattern).search(line.encode()) for line in text.splitlines())
        )
        if met and met in seen:
            yield f"{cause.id}: matches {number} meets the same signals as matches {seen[met]}"
        seen.setdefault(met, number)


def _lines(cause: Cause) -> Iterator[str]:
    for text in (*cause.examples.matches, *cause.examples.rejects):
        yield from text.splitlines()
