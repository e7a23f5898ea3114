"""For those who write knowledge: check its form, run its examples, read it as the decision tree that it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from troubleshoot.authoring.scaffold import unwritten
from troubleshoot.catalog.content import Content
from troubleshoot.catalog.loading import compile_catalog
from troubleshoot.catalog.naming import template_stem
from troubleshoot.engine.dialogue import describe, next_question
from troubleshoot.engine.ranking import Likelihoods, diagnose, rank
from troubleshoot.errors import KnowledgeError, Problem
from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.investigation.examination import examine_complaint
from troubleshoot.investigation.session import Session
from troubleshoot.model import NONE_OF_THESE, SYMPTOM_QUESTION, TELL_QUESTION, Catalog, Cause, Evidence, Parameter
from troubleshoot.sources.answers import evidence_of
from troubleshoot.sources.logs import Wanted

POINTED_AT = 3
"""An example must bring its cause among this many."""

PARTED = 0.5
"""A question tells two causes apart if no more than this share of their answers to it is the same."""


def check(content: Content) -> str:
    """Return a summary of sound knowledge. Raises `KnowledgeError` with every problem found."""
    catalog = compile_catalog(content)
    renderer = Renderer(content, catalog)
    problems: list[Problem] = []
    for cause in catalog.causes.values():
        for name, fix in cause.fixes.items():
            problems += _template_problems(renderer, template_stem(cause, name), fix.parameters)
    for question in catalog.questions.values():
        if question.probe:
            problems += _template_problems(renderer, f"probes/{question.probe.template}", question.probe.parameters)
    problems += _unused(content, catalog)
    if problems:
        raise KnowledgeError(problems)
    fixes = sum(len(cause.fixes) for cause in catalog.causes.values())
    proven = sum(not cause.unproven for cause in catalog.causes.values())
    return (
        f"{len(catalog.causes)} causes in {len(catalog.families)} families, {fixes} fixes, {proven} causes with a "
        f"reproduction, {len(catalog.symptoms)} symptoms, {len(catalog.questions)} questions: sound\n"
        f"{len(list(alike(catalog)))} pairs of causes share a main symptom and are told apart by no question\n"
    )


def alike(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield the pairs of causes that share a main symptom (always or often) and that no question tells apart."""
    likelihoods = Likelihoods.of(catalog)
    main = main_symptoms(catalog)
    for one, other in combinations(catalog.causes.values(), 2):
        if main[one.id] & main[other.id] and not any(
            parts(likelihoods, question, one.id, other.id) for question in one.answers.keys() & other.answers
        ):
            yield one.id, other.id


def main_symptoms(catalog: Catalog) -> Mapping[str, set[str]]:
    """Return the symptoms that each cause shows always or often."""
    return {
        cause.id: {symptom for symptom, word in cause.symptoms.items() if word != "sometimes"}
        for cause in catalog.causes.values()
    }


def parts(likelihoods: Likelihoods, question: str, one: str, other: str) -> bool:
    """Return whether a question tells two causes apart that have answers to it."""
    return common(likelihoods, question, one, other) <= PARTED


def common(likelihoods: Likelihoods, question: str, one: str, other: str) -> float:
    """Return the share of their answers to `question` that two causes, which both speak of it, have in common."""
    shares = likelihoods.answers[question]
    return sum(min(share, shares[other].get(option, 0.0)) for option, share in shares[one].items())


def _unused(content: Content, catalog: Catalog) -> Iterator[Problem]:
    """Yield the symptoms and questions that no cause names; choosing one of them would lead nowhere."""
    shown = {symptom for cause in catalog.causes.values() for symptom in cause.symptoms}
    answered = {question for cause in catalog.causes.values() for question in cause.answers}
    for kind, known, used in (("symptom", catalog.symptoms, shown), ("question", catalog.questions, answered)):
        for id_ in known:
            if id_ not in used:
                yield Problem(str(content.knowledge_file(f"{kind}s/{id_}.yaml")), 1, f"no cause names this {kind}")


def _template_problems(renderer: Renderer, stem: str, parameters: Mapping[str, Parameter]) -> Iterator[Problem]:
    path = str(renderer.content.template_file(renderer.catalog.templates[stem]))
    for name in sorted(set(parameters) - renderer.names(stem)):
        yield Problem(path, 1, f"the parameter {name!r} is declared but not used here")
    try:
        snippet = renderer.render(stem, fill(parameters))
    except KnowledgeError as error:
        yield from error.problems
        return
    if snippet.language == "python":
        try:
            compile(snippet.text, path, "exec", dont_inherit=True)
        except SyntaxError as error:
            yield Problem(path, error.lineno or 1, f"renders to Python that does not parse: {error.msg}")


@dataclass(frozen=True, slots=True)
class ExampleReport:
    """How many examples hold, and a line for each that does not."""

    passed: int
    failed: Sequence[str]

    @property
    def text(self) -> str:
        """The failures, and the closing line."""
        return "".join(f"{line}\n" for line in (*self.failed, f"{self.passed} passed, {len(self.failed)} failed"))


def test(content: Content, catalog: Catalog, only: Sequence[str]) -> ExampleReport:
    """Run the examples of every cause, or of `only` these, and tell what of them is still to write."""
    passed = 0
    causes = [catalog.causes[id_] for id_ in only or catalog.causes]
    failed = list(unwritten(content, catalog, causes))
    wanted = Wanted.all_of(catalog)
    for cause in causes:
        for failure in _example_failures(content, catalog, cause, wanted):
            if failure:
                failed.append(failure)
            else:
                passed += 1
    return ExampleReport(passed, failed)


def _example_failures(content: Content, catalog: Catalog, cause: Cause, wanted: Wanted) -> Iterator[str]:
    """Yield, for each example of `cause`, what is wrong with it; nothing if it holds."""
    for number, text in enumerate(cause.examples.matches, start=1):
        leaders = _leaders(content, catalog, text, wanted)
        ids = [candidate for candidate, _ in leaders]
        yield (
            ""
            if cause.id in ids[:POINTED_AT]
            else f"{cause.id}: matches {number} points at {', '.join(ids[:3]) or 'nothing'}"
        )
    for number, text in enumerate(cause.examples.rejects, start=1):
        leaders = _leaders(content, catalog, text, wanted)
        named = bool(leaders) and leaders[0] == (cause.id, True)
        yield f"{cause.id}: rejects {number} is diagnosed as it" if named else ""


def _leaders(content: Content, catalog: Catalog, text: str, wanted: Wanted) -> list[tuple[str, bool]]:
    """Return the causes that `text` points at, most probable first, and whether each is diagnosed."""
    session = Session(catalog)
    examine_complaint(text, session, content, wanted=wanted)
    diagnosis = session.diagnosis()
    sure = diagnosis.status == "diagnosed"
    return [(candidate.cause, sure and index == 0) for index, candidate in enumerate(diagnosis.candidates)]


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
