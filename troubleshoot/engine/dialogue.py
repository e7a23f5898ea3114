"""Which question to ask next: the one with the most information per unit of effort.

Pure. The policy is the decision-theoretic one of Heckerman, Breese and Rommelse (1995), "Decision-theoretic
troubleshooting", with information gain for value.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from troubleshoot.engine.ranking import Likelihoods
from troubleshoot.engine.strengths import (
    ALIVE,
    EFFORT,
    LEAST_EXPECTED,
    NOISE,
    SYMPTOM_EFFORT,
    TAKEN,
    TAKEN_OVER,
    TELL_EFFORT,
    TELLS_SHOWN,
    WORTH_ASKING,
)
from troubleshoot.model import NONE_OF_THESE, SYMPTOM_QUESTION, TELL_QUESTION, Ask, Candidate, Catalog, Effort, Evidence

NONE_TEXT = "None of these"


def next_question(
    catalog: Catalog,
    likelihoods: Likelihoods,
    ranking: Sequence[Candidate],
    evidence: Iterable[Evidence],
    skipped: Collection[str] = (),
) -> Ask | None:
    """Return the best question not yet answered, or None if no question is worth its effort.

    `skipped` holds the questions, and the causes whose tells were shown, that the user could say nothing about.
    """
    known = list(evidence)
    closed = {item.subject for item in known if item.kind == "answer"} | set(skipped)
    if any(item.kind == "symptom" for item in known):
        closed.add(SYMPTOM_QUESTION)
    alive = _alive(ranking)
    chances = {candidate.cause: candidate.probability for candidate in alive}
    total = math.fsum(chances.values())
    gains = {
        question: gain
        for question in (*catalog.questions, SYMPTOM_QUESTION)
        if question not in closed and (gain := _gain(likelihoods, question, chances, total)) >= WORTH_ASKING
    }
    tells = question_of_tells(catalog, ranking, known, skipped)
    if tells is not None and tells.gain >= WORTH_ASKING:
        gains[TELL_QUESTION] = tells.gain
    best = min(gains, key=lambda question: (-gains[question] / EFFORT[effort(catalog, question)], question), default="")
    if best == TELL_QUESTION:
        return tells
    asked = describe(catalog, best, gains[best]) if best else None
    if asked is not None and best == SYMPTOM_QUESTION:
        return replace(asked, options=_likeliest_first(likelihoods, asked, alive))
    return asked


def effort(catalog: Catalog, question: str) -> Effort:
    """Return what it takes to answer a question, the program's own two included."""
    if question == SYMPTOM_QUESTION:
        return SYMPTOM_EFFORT
    if question == TELL_QUESTION:
        return TELL_EFFORT
    return catalog.questions[question].effort


def describe(catalog: Catalog, question: str, gain: float = 0.0) -> Ask:
    """Return a question of the knowledge, or the opening one, in the form in which it is asked."""
    if question == SYMPTOM_QUESTION:
        return Ask(
            question=question,
            text="What do you see?",
            why="Most causes show themselves in one or two ways, so this narrows the field more than anything else.",
            options={symptom.id: symptom.title for symptom in catalog.symptoms.values()},
            gain=gain,
        )
    known = catalog.questions[question]
    return Ask(question=question, text=known.text, why=known.why, options=known.options, gain=gain)


def describe_tells(catalog: Catalog, causes: Iterable[str], gain: float = 0.0) -> Ask:
    """Return the question that shows the tells of `causes` side by side."""
    return Ask(
        question=TELL_QUESTION,
        text="Which of these is true of your code or set-up?",
        why="Each line is what gives one of the leading causes away. Recognising one, or none, settles the most.",
        options={**{cause: catalog.causes[cause].tell for cause in causes}, NONE_OF_THESE: NONE_TEXT},
        gain=gain,
    )


def _gain(likelihoods: Likelihoods, question: str, alive: Mapping[str, float], total: float) -> float:
    """Return the mutual information between the cause and the answer, in bits.

    `alive` maps each cause that still may be to its probability; together they have `total`.
    """
    options = likelihoods.options[question]
    speaking = likelihoods.answers[question]
    if question != SYMPTOM_QUESTION and _most_gain(speaking, alive, total, len(options)) < WORTH_ASKING:
        return 0.0
    mistaken = NOISE / len(options)
    named = dict.fromkeys(options, 0.0)
    spoken = entropy_given = 0.0
    # However many the causes, they say it in a few words.
    uncertain: dict[tuple[float, ...], float] = {}
    for probability, shares in _speakers(speaking, alive):
        spoken += probability
        for option, share in shares.items():
            named[option] += probability * (1 - NOISE) * share
        said = tuple(shares.values())
        if said not in uncertain:
            # The options that a cause does not name are all equally improbable.
            others = (len(options) - len(said)) * _entropy([mistaken])
            uncertain[said] = _entropy((1 - NOISE) * share + mistaken for share in said) + others
        entropy_given += probability * uncertain[said]
    if not spoken:
        return 0.0
    background = [likelihoods.background(question, option) for option in options]
    silent = max(0.0, total - spoken)
    answers = [
        (named[option] + spoken * mistaken + silent * chance) / total
        for option, chance in zip(options, background, strict=True)
    ]
    return _entropy(answers) - (entropy_given + silent * _entropy(background)) / total


def _most_gain(speaking: Collection[str], alive: Mapping[str, float], total: float, options: int) -> float:
    """Return a bound of the information, in bits, in a question of as many equally frequent `options`.

    The answer can tell those apart that say something about it, with the share p of the probability, from the others:
    those are at most log2(options / (1 - p)) bits from the mixture of all, and the others log2(1 / (1 - p)).
    """
    spoken = math.fsum(alive.get(cause, 0.0) for cause in speaking) / total if len(speaking) < len(alive) else 1.0
    return spoken * math.log2(options) - math.log2(1 - spoken) if spoken < 1 and options > 1 else math.inf


def _speakers(
    speaking: Mapping[str, Mapping[str, float]], alive: Mapping[str, float]
) -> Iterator[tuple[float, Mapping[str, float]]]:
    """Yield the probability of each cause alive that says something about a question, and what it says."""
    if len(speaking) < len(alive):
        yield from ((alive[cause], shares) for cause, shares in speaking.items() if cause in alive)
    else:
        yield from ((chance, speaking[cause]) for cause, chance in alive.items() if cause in speaking)


def _likeliest_first(likelihoods: Likelihoods, ask: Ask, alive: Iterable[Candidate]) -> Mapping[str, str]:
    """Return the options of `ask` in the order in which they are expected, without those that hardly can be."""
    expected = _expected(likelihoods, ask.question, alive)
    least = LEAST_EXPECTED * max(expected.values())
    likeliest = sorted(expected, key=lambda option: (-expected[option], option))
    return {option: ask.options[option] for option in likeliest if expected[option] >= least}


def leading_symptom(likelihoods: Likelihoods, ranking: Sequence[Candidate]) -> str | None:
    """Return the symptom that everything known points at, far before any other."""
    expected = _expected(likelihoods, SYMPTOM_QUESTION, _alive(ranking))
    first, second = sorted(expected, key=lambda symptom: -expected[symptom])[:2]
    return first if expected[first] >= max(TAKEN, TAKEN_OVER * expected[second]) else None


def _expected(likelihoods: Likelihoods, question: str, alive: Iterable[Candidate]) -> dict[str, float]:
    """Return how probable each option is that the candidates name; what "none of these" would answer is unknown."""
    expected = dict.fromkeys(likelihoods.options[question], 0.0)
    for candidate in alive:
        for option in likelihoods.answers[question].get(candidate.cause, ()):
            expected[option] += candidate.probability * likelihoods.probability(question, option, candidate.cause)
    return expected


def question_of_tells(
    catalog: Catalog,
    ranking: Sequence[Candidate],
    evidence: Iterable[Evidence],
    skipped: Collection[str] = (),
    most: int = TELLS_SHOWN,
) -> Ask | None:
    """Return the question about the tells of the leading causes, `most` of them, that have not been shown yet."""
    alive = _alive(ranking)
    shown = {item.subject for item in evidence if item.kind in ("tell", "outcome")} | set(skipped)
    leading = [item for item in alive if item.cause != NONE_OF_THESE and item.cause not in shown][:most]
    if not leading:
        return None
    total = math.fsum(candidate.probability for candidate in alive)
    count = len(leading) + 1
    shares = [candidate.probability / total for candidate in leading]
    shares.append(1 - math.fsum(shares))
    answers = [(1 - NOISE) * share + NOISE / count for share in shares]
    given = _entropy([1 - NOISE + NOISE / count, *([NOISE / count] * (count - 1))])
    return describe_tells(catalog, [candidate.cause for candidate in leading], _entropy(answers) - given)


def _alive(ranking: Sequence[Candidate]) -> list[Candidate]:
    return [candidate for candidate in ranking if candidate.probability >= ALIVE * ranking[0].probability]


def _entropy(chances: Iterable[float]) -> float:
    return -math.fsum(chance * math.log2(chance) for chance in chances if chance > 0)
