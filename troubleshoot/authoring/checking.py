"""Whether knowledge is sound: every file read, every template rendered, nothing there that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from troubleshoot.catalog.content import Content
from troubleshoot.catalog.loading import compile_catalog
from troubleshoot.catalog.naming import template_stem
from troubleshoot.engine.differential import alike
from troubleshoot.errors import KnowledgeError, Problem
from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.model import Catalog, Parameter


def check(content: Content) -> str:
    """Return a summary of sound knowledge. Raises `KnowledgeError` with every problem found."""
    catalog = compile_catalog(content)
    renderer = Renderer(content, catalog)
    problems: list[Problem] = []
    for cause in catalog.causes.values():
        for name, fix in cause.fixes.items():
            problems += _template_problems(renderer, template_stem(cause, name), fix.parameters)
    for name, (_, probe) in catalog.probes.items():
        problems += _template_problems(renderer, f"probes/{name}", probe.parameters)
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
