"""An inspected application as an outline: nested lines whose parts carry a style, whoever draws them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from troubleshoot import program
from troubleshoot.errors import UsageError
from troubleshoot.formats.outline.layers import Shell, shells
from troubleshoot.formats.outline.nodes import Marks, Node, place_parts, title
from troubleshoot.formats.outline.routes import drawn
from troubleshoot.inspection.described import Application
from troubleshoot.inspection.facts.interface import Fact
from troubleshoot.inspection.report import Report
from troubleshoot.redaction import shown

ONION = "Middleware, from the outside in"
ROUTES = "Routes, in the order in which they are tried"
SHARED = "Dependencies that routes share"
LIFECYCLE = "Start, stop and overrides"
FACTS = "Facts"
CAUSES = "Causes"
"""The headings of what is drawn, in this order."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything to be drawn. `onion` goes from the outside in, and ends with the router.

    `shared` are the dependency trees that many routes have, each under the name that stands behind these.
    `ordinary` is the sentence with the facts that only rule something out.
    """

    head: Node
    onion: tuple[Shell, ...]
    routes: tuple[Node, ...]
    shared: tuple[Node, ...]
    lifecycle: tuple[Node, ...]
    facts: tuple[Node, ...]
    ordinary: str
    causes: tuple[Node, ...]


def outline(report: Report, only: str = "") -> Outline:
    """Return the outline of `report`, with the routes that a request for `only` meets.

    If there are none, those are meant whose path or endpoint holds this text. Raises `UsageError` if there are none of
    these, either.
    """
    app = report.app
    marks = Marks(report.remarkable)
    routes, shared = drawn(app, only, marks)
    if only and not routes:
        raise UsageError(f"--route {only}: no path and no endpoint holds this")
    return Outline(
        head=_head(report),
        onion=tuple(shells(app, marks)),
        routes=routes,
        shared=shared,
        lifecycle=tuple(_lifecycle(app, marks)),
        facts=tuple(_fact(fact) for fact in report.remarkable),
        ordinary=_also_certain(report),
        causes=tuple(
            Node(
                (
                    ("confirmed  " if item.weight == "confirms" else "possible   ", item.weight),
                    (item.title, "name"),
                ),
                (Node(((f"{program.name()} explain {item.cause}", "command"),)),),
            )
            for item in report.causes
        ),
    )


def _head(report: Report) -> Node:
    versions = ", ".join(f"{name} {version}" for name, version in report.app.versions.items())
    return Node(((report.target, "name"), (title(report.app), "text"), (f"  {versions}", "dim")))


def _lifecycle(app: Application, marks: Marks) -> Iterator[Node]:
    lifespan = app.lifespan
    for place in lifespan.functions:
        yield Node((("lifespan  ", "dim"), *place_parts(place)))
    for word, handlers in (("startup", lifespan.startup), ("shutdown", lifespan.shutdown)):
        for place in handlers:
            never = () if lifespan.runs_events else (("  never runs", "mark"),)
            yield Node(((f"on {word}  ", "dim"), *place_parts(place), *never, *marks.of(place)))
    for override in app.overrides:
        parts = (
            ("dependency_overrides  ", "dim"),
            *place_parts(override.of),
            (" → ", "dim"),
            *place_parts(override.by),
        )
        yield Node((*parts, *marks.of(override.of)))


def _also_certain(report: Report) -> str:
    ordinary = "; ".join(fact.what for fact in report.ordinary)
    return f"also certain: {ordinary}" if ordinary else ""


def _fact(fact: Fact) -> Node:
    where = fact.place.location if fact.place else ""
    return Node(
        ((fact.id, "mark"), (f"  {where}" if where else "", "place")), (Node(((shown(fact.what, 400), "text"),)),)
    )
