"""What an outline is made of: lines whose parts carry a style, and the marks of the facts that stand at a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from troubleshoot.inspection.described import Application, Place
from troubleshoot.inspection.facts.interface import Fact
from troubleshoot.redaction import shown

Part = tuple[str, str]
"""A text and the word for its style."""


@dataclass(frozen=True, slots=True)
class Node:
    """A line, and what lies below it."""

    parts: tuple[Part, ...]
    children: tuple[Node, ...] = ()

    @property
    def text(self) -> str:
        """The line without styles."""
        return "".join(text for text, _ in self.parts)


class Marks:
    """Which facts belong to which place, so that they are shown there."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = tuple(facts)

    def of(self, place: Place | None, path: str = "") -> tuple[Part, ...]:
        """Return the marks of a place; with a path, only those of the route with that path."""
        if place is None:
            return ()
        ids = [
            fact.id
            for fact in self.facts
            if fact.place is not None and fact.place.name == place.name and (not path or fact.path in ("", path))
        ]
        return tuple((f"  ✗ {id_}", "mark") for id_ in dict.fromkeys(ids))


def place_parts(place: Place) -> tuple[Part, ...]:
    """Return what something is called and where it stands, unless that is in a library."""
    hidden = place.is_library or not place.location
    return ((place.short, "name"),) if hidden else ((place.short, "name"), (f"  {place.location}", "place"))


def title(app: Application) -> str:
    """Return the title that an application was given, if it was."""
    return f"  {shown(app.title)}" if app.title not in ("", "FastAPI") else ""
