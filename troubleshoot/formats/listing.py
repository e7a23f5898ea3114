"""The lists of causes and of questions: chosen, as text and as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from troubleshoot.catalog.naming import origin
from troubleshoot.engine.dialogue import describe
from troubleshoot.errors import UsageError, did_you_mean
from troubleshoot.formats.objects import indented, question_as_json
from troubleshoot.model import SYMPTOM_QUESTION, Ask, Catalog, Cause

IN_TITLE, IN_PHRASES = "In the title, or in what gives it away", "In what people say of it, most often first"
Sections = Mapping[str, Sequence[Cause]]
"""Causes under their headings."""


def select(catalog: Catalog, family: str | None, words: Sequence[str] = ()) -> Sections:
    """Return the causes of `family`, or all, by family; with `words` those that speak of each, by where they do.

    Raises `UsageError` for a family that is not there.
    """
    if family is not None and family not in catalog.families:
        hint = did_you_mean(family, catalog.families) or f"; there are {', '.join(catalog.families)}"
        raise UsageError(f"no family {family!r}{hint}")
    causes = [cause for cause in catalog.causes.values() if family in (None, cause.family)]
    if not words:
        titles = {cause.family: catalog.families[cause.family].title for cause in causes}
        return {title: [cause for cause in causes if cause.family == id_] for id_, title in titles.items()}
    speaks = _speaking_of(words)
    named = [cause for cause in causes if speaks(f"{cause.id} {cause.title} {cause.tell}")]
    said = {cause.id: sum(map(speaks, cause.phrases)) for cause in causes if cause not in named}
    others = sorted((cause for cause in causes if said.get(cause.id)), key=lambda cause: -said[cause.id])
    return {title: found for title, found in ((IN_TITLE, named), (IN_PHRASES, others)) if found}


def questions(catalog: Catalog, words: Sequence[str] = ()) -> list[Ask]:
    """Return the questions that can be answered, the opening one first, or those that speak of each of `words`."""
    speaks = _speaking_of(words)
    asks = [describe(catalog, question) for question in (SYMPTOM_QUESTION, *catalog.questions)]
    return [ask for ask in asks if speaks(" ".join((ask.question, ask.text, *ask.options, *ask.options.values())))]


def _speaking_of(words: Sequence[str]) -> Callable[[str], bool]:
    """Return what tells whether in a text something begins with each of `words`."""
    patterns = [re.compile(rf"(?<!\w){re.escape(word)}", re.IGNORECASE) for word in words]
    return lambda text: all(pattern.search(text) for pattern in patterns)


def write_text(sections: Sections, origins: Mapping[str, str]) -> str:
    """Return the causes under their headings, one a line; `origins` are the packs of those that are not ours."""
    return "\n".join(_lines(sections, origins)) + "\n"


def _lines(sections: Sections, origins: Mapping[str, str]) -> Iterator[str]:
    width = max(len(cause.id) for causes in sections.values() for cause in causes)
    for heading, causes in sections.items():
        yield heading
        yield from (f"  {cause.id:{width}}  {cause.title}{origin(origins.get(cause.id, ''))}" for cause in causes)


def write_questions(asks: Sequence[Ask]) -> str:
    """Return the questions, each with its options as they are answered on the command line."""
    lines = []
    for ask in asks:
        lines.append(ask.text)
        width = max(map(len, ask.options))
        lines += [f"  --answer {ask.question}={option:{width}}  {text}" for option, text in ask.options.items()]
    return "\n".join(lines) + "\n"


def write_json(sections: Sections, origins: Mapping[str, str]) -> str:
    """Return the causes as one JSON object, schema 1; `origins` are the packs of those that are not ours."""
    value = {
        "schema": 1,
        "causes": [
            {
                "cause": cause.id,
                "family": cause.family,
                "title": cause.title,
                "frequency": cause.frequency,
                "fixes": list(cause.fixes),
                **({"pack": origins[cause.id]} if cause.id in origins else {}),
            }
            for causes in sections.values()
            for cause in causes
        ],
    }
    return indented(value)


def write_questions_json(asks: Sequence[Ask]) -> str:
    """Return the questions as one JSON object, schema 1."""
    return indented({"schema": 1, "questions": [question_as_json(ask) for ask in asks]})
