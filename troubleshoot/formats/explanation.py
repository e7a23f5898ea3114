"""One cause, explained: as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from troubleshoot import program
from troubleshoot.catalog.naming import origin
from troubleshoot.formats.objects import indented
from troubleshoot.formats.prose import set_markdown, wrapped
from troubleshoot.model import Catalog, Cause
from troubleshoot.versions.names import TITLES
from troubleshoot.versions.ranges import in_words


def write_text(catalog: Catalog, cause: Cause) -> str:
    """Return everything worth reading about `cause` as plain text."""
    return "\n".join(_lines(catalog, cause)) + "\n"


def _lines(catalog: Catalog, cause: Cause) -> Iterator[str]:
    yield cause.title
    yield f"{cause.id}, {cause.frequency}{origin(catalog.origins.get(cause.id, ''))}"
    yield from ("", "How to recognise it")
    yield from _item(cause.tell)
    for symptom, word in cause.symptoms.items():
        yield from _item(f"{word}: {catalog.symptoms[symptom].title}")
    yield from ("", "What happens")
    yield from set_markdown(cause.explanation, "  ")
    if cause.versions or cause.changed:
        yield from ("", "Versions")
        yield from (f"  - {TITLES[package]} {in_words(range_)}" for package, range_ in cause.versions.items())
        for change in cause.changed:
            yield from _item(change)
    yield from ("", "Fixes")
    for name, fix in cause.fixes.items():
        yield from _item(f"{fix.title}:")
        yield f"    {program.name()} fix {cause.id}#{name}"
        for package, range_ in fix.versions.items():
            yield from wrapped(f"Only for {TITLES[package]} {in_words(range_)}.", "      ", "        ")
        for parameter, definition in fix.parameters.items():
            yield from wrapped(f"--set {parameter}={definition.default}   {definition.about}", "      ", "          ")
        yield from _item(f"Check: {fix.check}", "    ")
    if cause.unproven:
        yield from _item(f"Not run here: {cause.unproven}")
    yield from ("", "Read more")
    yield from (f"  {reference}" for reference in cause.references)


def _item(text: str, indent: str = "  - ") -> list[str]:
    return wrapped(text, indent, "    ")


def write_json(catalog: Catalog, cause: Cause) -> str:
    """Return `cause` as one JSON object, schema 1."""
    value: dict[str, Any] = {
        "schema": 1,
        "cause": cause.id,
        "title": cause.title,
        "tell": cause.tell,
        "frequency": cause.frequency,
        "symptoms": {symptom: catalog.symptoms[symptom].title for symptom in cause.symptoms},
        "versions": dict(cause.versions),
        "changed": list(cause.changed),
        "explanation": cause.explanation,
        "fixes": [
            {
                "id": name,
                "title": fix.title,
                "check": fix.check,
                "steps": list(fix.steps),
                "risk": fix.risk,
                "versions": dict(fix.versions),
                "parameters": {
                    parameter: {"type": definition.type, "default": definition.default, "about": definition.about}
                    for parameter, definition in fix.parameters.items()
                },
            }
            for name, fix in cause.fixes.items()
        ],
        "verified_with": dict(catalog.verified(cause)),
        "references": list(cause.references),
        **({"pack": catalog.origins[cause.id]} if cause.id in catalog.origins else {}),
    }
    return indented(value)
