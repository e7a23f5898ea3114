"""The messages that causes and symptoms are recognised by, as their pages and the list of all show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from troubleshoot.model import Catalog, Cause, Package, Raised, Symptom, Weight
from troubleshoot.site.messages import messages_of
from troubleshoot.values import frozen

SHOWN = 3
"""Texts named of what must stand around a message."""
TITLED = 70
"""Characters of a message that can stand in a title."""


@frozen
class Recognised:
    """One signature: the texts that it looks for, and under which conditions it counts."""

    texts: tuple[str, ...]
    weight: Weight
    within: tuple[str, ...]
    raised: Raised | None
    versions: Mapping[Package, str]


@dataclass(frozen=True, slots=True, order=True)
class Listed:
    """A message, and the pages that it leads to: their place and their title."""

    key: str
    text: str
    pages: tuple[tuple[str, str], ...]


def recognised(cause: Cause) -> list[Recognised]:
    """Return what a log is searched for because of `cause`, in the order of the knowledge."""
    return [
        Recognised(
            texts=texts,
            weight=signal.weight,
            within=messages_of(signal.within)[:SHOWN],
            raised=signal.raised,
            versions=signal.versions,
        )
        for signal in cause.signals
        if (texts := messages_of(signal.pattern))
    ]


def texts_of(symptom: Symptom) -> tuple[str, ...]:
    """Return what a log is searched for because of `symptom`."""
    return tuple(dict.fromkeys(text for pattern in symptom.signatures for text in messages_of(pattern)))


def best_message(cause: Cause) -> str:
    """Return the first message of a cause that speaks for it and says something that its title does not."""
    found = sorted(recognised(cause), key=lambda item: item.weight != "confirms")
    for item in found:
        if item.weight != "rules_out" and len(item.texts[0]) <= TITLED:
            said = cause.title.lower()
            new = [word for word in re.findall(r"\w{4,}", item.texts[0].lower()) if word not in said]
            return item.texts[0] if new else ""
    return ""


def listed(catalog: Catalog) -> Mapping[str, list[Listed]]:
    """Return every message that speaks for something, sorted, by its first letter."""
    pages: dict[str, dict[str, str]] = {}
    for text, place, title in _all(catalog):
        pages.setdefault(text, {})[place] = title
    letters: dict[str, list[Listed]] = {}
    for row in sorted(Listed(_key(text), text, tuple(places.items())) for text, places in pages.items()):
        first = row.key[:1].upper()
        letters.setdefault(first if "A" <= first <= "Z" else "0–9", []).append(row)
    return letters


def _all(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    for cause in catalog.causes.values():
        for item in recognised(cause):
            if item.weight != "rules_out":
                yield from ((text, f"causes/{cause.id}.html", cause.title) for text in item.texts)
    for symptom in catalog.symptoms.values():
        yield from ((text, f"symptoms/{symptom.id}.html", symptom.title) for text in texts_of(symptom))


def _key(text: str) -> str:
    return re.sub(r"^\W+", "", text).casefold()
