"""The loop: evidence in, ranking and next question out, until the cause is named or nothing is worth asking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from troubleshoot.engine.dialogue import describe_tells, next_question, question_of_tells
from troubleshoot.engine.ranking import diagnose, rank
from troubleshoot.engine.strengths import TELLS_AGAIN, WORTH_ASKING
from troubleshoot.investigation.ready import likelihoods_of
from troubleshoot.model import (
    NONE_OF_THESE,
    SYMPTOM_QUESTION,
    TELL_QUESTION,
    Ask,
    Candidate,
    Catalog,
    Diagnosis,
    Evidence,
    Package,
    Skipped,
    Version,
)
from troubleshoot.redaction import plain, redact, shown
from troubleshoot.sources.answers import evidence_of, helped
from troubleshoot.sources.interface import Source
from troubleshoot.values import frozen
from troubleshoot.versions.weighing import applies, implied, in_use, weigh

LONGEST = 1000
"""Characters that are kept of a text from outside."""
OPENING_AGAIN = 4
"""After how many other questions the opening one is asked again of somebody who could not answer it."""
LOOK_AGAIN = "Nothing fits so far. Look once more: what do you see?"
Told = TypeVar("Told", Skipped, Version)


@frozen
class Step:
    """One question put to the user, the option chosen (empty for "don't know"), and the tells shown with it."""

    question: str
    option: str
    shown: tuple[str, ...] = ()


class Session:
    """What is known in one investigation: what the sources observed, the dialogue, and what became of the fixes tried.

    `outcomes` maps a cause to `yes` or `no`: did its fix help? `versions` are all that were found, in their order.
    `given` maps what can be handed over (`complaint`, `log`, `source`, `findings`, `app`, `answer`, and by agents
    `candidates`) to what was, as it was named.
    """

    def __init__(
        self, catalog: Catalog, *, observed: Iterable[Evidence] = (), versions: Iterable[Version] = ()
    ) -> None:
        self.catalog = catalog
        self.observed = list(observed)
        self.versions = list(versions)
        self.skipped: list[Skipped] = []
        self.steps: list[Step] = []
        self.outcomes: dict[str, str] = {}
        self.given: dict[str, list[str]] = {}
        self.likelihoods = likelihoods_of(catalog)
        self._ranked: tuple[list[Evidence], tuple[Candidate, ...]] | None = None

    def examine(self, source: Source) -> None:
        """Take in everything that `source` observes, without its secrets: what is in here may be shown or saved."""
        for item in source.collect():
            if isinstance(item, Skipped):
                self.skipped.append(without_harm(item))
            elif isinstance(item, Version):
                self.versions.append(without_harm(item))
            else:
                self.observed.append(cleaned(item))

    def hand_over(self, what: str, name: str) -> None:
        """Remember that something was handed over, and under which name."""
        self.given.setdefault(what, []).append(name)

    @property
    def in_use(self) -> dict[Package, Version]:
        """The version of each package that is believed."""
        return in_use(self.versions)

    @property
    def evidence(self) -> list[Evidence]:
        """All that is known, whoever said it; a signature that means nothing in the versions in use is left out.

        Of a question that was asked again the last answer counts.
        """
        last = {step.question: step for step in self.steps if step.option}
        told = [
            item
            for step in self.steps
            if step.option and (step.question == TELL_QUESTION or step is last[step.question])
            for item in evidence_of(self.catalog, step.question, step.option, step.shown)
        ]
        tried = [helped(self.catalog, cause, value) for cause, value in self.outcomes.items()]
        if not self.versions:
            return [*self.observed, *told, *tried]
        known = implied(self.in_use)
        observed = [item for item in self.observed if applies(self.catalog, item, known)]
        return [*observed, *told, *tried, *weigh(self.catalog, known)]

    def ranking(self) -> tuple[Candidate, ...]:
        """Return every hypothesis, most probable first."""
        return self._ranking_of(self.evidence)

    def _ranking_of(self, evidence: list[Evidence]) -> tuple[Candidate, ...]:
        if self._ranked is None or self._ranked[0] != evidence:
            self._ranked = (evidence, rank(self.likelihoods, evidence))
        return self._ranked[1]

    def diagnosis(self) -> Diagnosis:
        """Return what may be said now."""
        return diagnose(self.ranking())

    def next_question(self, among: Collection[str] | None = None) -> Ask | None:
        """Return the best question that has been neither answered nor passed over; only of those `among`, if given.

        Where what was observed speaks against whoever has read the case, it is at least which tell is true.
        """
        passed_over = {name for step in self.steps if not step.option for name in (step.shown or (step.question,))}
        opening = self.opening
        if len(opening) == 1 and len(self.steps) - opening[0] > OPENING_AGAIN:
            # What somebody could not pick out of all symptoms may be plain among those that are left.
            passed_over.discard(SYMPTOM_QUESTION)
        if among is not None:
            others = (SYMPTOM_QUESTION, *self.catalog.questions, *self.catalog.outlines)
            passed_over |= {name for name in others if name not in among}
        evidence = self.evidence
        ranking = self._ranking_of(evidence)
        asked = next_question(self.catalog, self.likelihoods, ranking, evidence, passed_over)
        if asked is not None or among is not None:
            return asked
        if diagnose(ranking).rival:
            return question_of_tells(self.catalog, ranking, evidence, passed_over)
        return self._second_look(ranking, evidence, passed_over) or self._opening_anew(evidence)

    @property
    def opening(self) -> list[int]:
        """The steps in which the opening question was asked."""
        return [index for index, step in enumerate(self.steps) if step.question == SYMPTOM_QUESTION]

    def _second_look(
        self, ranking: Sequence[Candidate], evidence: Sequence[Evidence], passed_over: Collection[str]
    ) -> Ask | None:
        """Return the question about the few leading tells that stood once among many, and that nobody could tell."""
        pages = [step.shown for step in self.steps if step.shown and not step.option]
        among_many = {cause for page in pages if len(page) > TELLS_AGAIN for cause in page}
        among_few = {cause for page in pages if len(page) <= TELLS_AGAIN for cause in page}
        closed = set(passed_over) - (among_many - among_few)
        asked = question_of_tells(self.catalog, ranking, evidence, closed, TELLS_AGAIN)
        return asked if asked is not None and asked.gain >= WORTH_ASKING else None

    def _opening_anew(self, evidence: Sequence[Evidence]) -> Ask | None:
        """Return the opening question if it was asked once: where nothing led anywhere, its answer may be wrong."""
        if len(self.opening) != 1:
            return None
        rest = [item for item in evidence if (item.kind, item.subject) != ("answer", SYMPTOM_QUESTION)]
        others = {*self.catalog.questions, *self.catalog.outlines}
        asked = next_question(self.catalog, self.likelihoods, rank(self.likelihoods, rest), rest, others)
        return replace(asked, text=LOOK_AGAIN) if asked is not None else None

    def question_of_tells(self) -> Ask | None:
        """Return the question that shows the tells of the leading causes side by side."""
        return question_of_tells(self.catalog, self.ranking(), self.evidence)

    def tell(self, ask: Ask, option: str, at: int | None = None) -> None:
        """Record the answer to `ask`; an empty `option` means "don't know".

        `at` is the index of an earlier step to answer anew; the answers given after it stay.
        Raises `UsageError` for an option that is not there.
        """
        shown = tuple(cause for cause in ask.options if cause != NONE_OF_THESE) if ask.question == TELL_QUESTION else ()
        if option:
            list(evidence_of(self.catalog, ask.question, option, shown))
        step = Step(question=ask.question, option=option, shown=shown)
        if at is None:
            self.steps.append(step)
        else:
            self.steps[at] = step

    def recognise(self, cause: str, among: Sequence[str]) -> None:
        """Record that the tell of `cause`, of those shown, is true."""
        self.tell(describe_tells(self.catalog, among), cause)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known and nothing has been answered."""
        return not (self.observed or self.versions or self.steps or self.outcomes)

    def restart(self) -> None:
        """Forget the dialogue; what the sources observed stays."""
        self.steps.clear()
        self.outcomes.clear()


def without_harm(item: Told) -> Told:
    """Return what was not examined, or a version, as it may be shown: lines without secrets, escapes and commands."""
    location = shown(item.location, LONGEST)
    if isinstance(item, Skipped):
        return replace(item, location=location, why=shown(item.why, LONGEST))
    return replace(item, location=location, text=shown(item.text, LONGEST))


def cleaned(item: Evidence) -> Evidence:
    """Return evidence without secrets and escapes; what was captured with one in it fits nowhere, and is left out."""
    captured = {name: value for name, value in item.captured.items() if redact(plain(value)) == value}
    what, location = shown(item.what, LONGEST), shown(item.location, LONGEST)
    if (what, location) == (item.what, item.location) and len(captured) == len(item.captured):
        return item
    return replace(item, what=what, location=location, captured=captured)
