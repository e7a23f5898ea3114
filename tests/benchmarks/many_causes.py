"""How ranking and the next question grow with the knowledge: `python tests/benchmarks/many_causes.py [CAUSES …]`.

The catalogs are made up in the proportions of the real one: a question to three causes, a symptom to three, each cause
with two symptoms and three answers. Measured is a turn of a dialogue: the first, and one after the opening question.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from pathlib import Path

from troubleshoot.engine.dialogue import describe
from troubleshoot.investigation.session import Session
from troubleshoot.model import SYMPTOM_QUESTION, Catalog

sys.path.insert(0, str(Path(__file__).parent.parent / "engine"))
from catalogs import WORDS, catalog_of, cause

RUNS = 9


def made_up(count: int) -> Catalog:
    """Return a catalog of `count` causes."""
    dice = random.Random(count)
    symptoms = [f"symptom-{number}" for number in range(count // 3)]
    questions = {f"question-{number}": [f"option-{option}" for option in range(5)] for number in range(count // 3)}
    causes = [
        cause(
            f"family/cause-{number}",
            {symptom: dice.choice(WORDS) for symptom in dice.sample(symptoms, 2)},
            {
                question: {option: dice.choice(WORDS) for option in dice.sample(questions[question], 2)}
                for question in dice.sample(sorted(questions), 3)
            },
        )
        for number in range(count)
    ]
    return catalog_of(causes, symptoms, questions)


def turn(session: Session) -> float:
    """Return the seconds that a turn takes: the diagnosis, and the next question."""
    started = time.perf_counter()
    session.diagnosis()
    session.next_question()
    return time.perf_counter() - started


def main() -> None:
    """Print the median times of the two turns, in all and for each thousand of causes."""
    for count in map(int, sys.argv[1:] or ("267", "1000", "10000")):
        session = Session(made_up(count))
        first = statistics.median(turn(session) for _ in range(RUNS))
        session.tell(describe(session.catalog, SYMPTOM_QUESTION), "symptom-0")
        later = statistics.median(turn(session) for _ in range(RUNS))
        a_thousand = " and ".join(f"{1e6 * seconds / count:.1f}" for seconds in (first, later))
        print(f"{count:6} causes: {1000 * first:.1f} ms and {1000 * later:.1f} ms; for each thousand {a_thousand}")


if __name__ == "__main__":
    main()
