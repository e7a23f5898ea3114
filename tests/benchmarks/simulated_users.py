"""How well the dialogue serves simulated users: `python tests/benchmarks/simulated_users.py [REPEATS]`.

A truthful user answers as the true cause's own words say (an option in proportion to always, often, sometimes), picks any
option of a question the cause says nothing about, and recognises the tell of the true cause. A noisy user gives a wrong
answer one time in ten and "don't know" one time in five. Nothing but the dialogue is known: no log, no complaint.
"""

from __future__ import annotations

import math
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.detectors import detectors
from troubleshoot.engine.strengths import LIKELIHOOD
from troubleshoot.investigation.session import Session
from troubleshoot.model import NONE_OF_THESE, SYMPTOM_QUESTION, TELL_QUESTION, Ask, Catalog, Cause, Evidence
from troubleshoot.sources.code import CodeSource

MOST_QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class Dialogue:
    """How one dialogue went: the place of the true cause (from 1), and the options of each question asked."""

    place: int
    sizes: tuple[int, ...]


def truthful(catalog: Catalog, cause: Cause, ask: Ask, dice: random.Random) -> str:
    """Return the answer of somebody who has `cause`."""
    options = list(ask.options)
    if ask.question == TELL_QUESTION:
        return cause.id if cause.id in options else NONE_OF_THESE
    words = cause.symptoms if ask.question == SYMPTOM_QUESTION else cause.answers.get(ask.question, {})
    if not words:
        return dice.choice(options)
    return dice.choices(list(words), [LIKELIHOOD[word] for word in words.values()])[0]


def talk(
    catalog: Catalog,
    cause: Cause,
    dice: random.Random,
    wrong: float = 0.0,
    unknown: float = 0.0,
    observed: Sequence[Evidence] = (),
) -> Dialogue:
    """Lead one dialogue with somebody who has `cause`, after what was `observed`."""
    session = Session(catalog)
    session.observed += observed
    sizes: list[int] = []
    while session.diagnosis().status != "diagnosed" and len(sizes) < MOST_QUESTIONS:
        ask = session.next_question()
        if ask is None:
            break
        answer = truthful(catalog, cause, ask, dice)
        chance = dice.random()
        if chance < wrong:
            answer = dice.choice(list(ask.options))
        elif chance < wrong + unknown:
            answer = ""
        session.tell(ask, answer)
        sizes.append(len(ask.options))
    places = [candidate.cause for candidate in session.ranking() if candidate.cause != NONE_OF_THESE]
    return Dialogue(places.index(cause.id) + 1, tuple(sizes))


def report(catalog: Catalog, name: str, repeats: int, wrong: float, unknown: float) -> None:
    """Print how `repeats` dialogues for each cause went."""
    dice = random.Random(1)
    talks = [
        (cause.id, talk(catalog, cause, dice, wrong, unknown))
        for cause in catalog.causes.values()
        for _ in range(repeats)
    ]
    count = len(talks)
    questions = statistics.mean(len(dialogue.sizes) for _, dialogue in talks)
    bits = statistics.mean(math.log2(size) for _, dialogue in talks for size in dialogue.sizes)
    needed = math.log2(len(catalog.causes))
    bound = needed / bits
    first = sum(dialogue.place == 1 for _, dialogue in talks) / count
    third = sum(dialogue.place <= 3 for _, dialogue in talks) / count
    print(f"{name}: {count} dialogues, first {first:.1%}, among the first three {third:.1%}, questions {questions:.2f}")
    print(f"  {needed:.2f} bits to find, room for {bits:.2f} bits in a question: at least {bound:.2f} questions")
    print(f"  ratio to that bound: {questions / bound:.2f}")
    missed = sorted({cause for cause, dialogue in talks if dialogue.place > 1})
    if wrong + unknown == 0 and missed:
        print(f"  not always first: {', '.join(missed)}")


def report_with_source(catalog: Catalog, repeats: int) -> None:
    """Print how many questions are left when the source shows the mistake: the broken example of each detector."""
    content = find_content()
    asked: dict[bool, list[int]] = {False: [], True: []}
    firsts = 0
    for name, detector in detectors().items():
        with tempfile.TemporaryDirectory() as folder:
            for file, text in detector.BROKEN.items():
                path = Path(folder) / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            observed = [
                item for item in CodeSource(catalog, content, Path(folder)).collect() if isinstance(item, Evidence)
            ]
        for with_source in asked:
            dice = random.Random(1)
            for _ in range(repeats):
                seen = observed if with_source else ()
                dialogue = talk(catalog, catalog.causes[name], dice, observed=seen)
                asked[with_source].append(len(dialogue.sizes))
                firsts += with_source and dialogue.place == 1
    without, with_it = (statistics.mean(asked[key]) for key in (False, True))
    print(f"{len(detectors())} causes with a detector: questions {without:.2f}, with --source {with_it:.2f}")
    print(f"  ratio {with_it / without:.2f}; the cause first {firsts / len(asked[True]):.1%}")


def main() -> None:
    """Print the figures for truthful and for noisy users, and for those who hand over their source."""
    catalog = load(find_content())
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    report(catalog, "truthful users", repeats, 0.0, 0.0)
    report(catalog, "10 % wrong, 20 % don't know", repeats, 0.1, 0.2)
    report_with_source(catalog, repeats)


if __name__ == "__main__":
    main()
