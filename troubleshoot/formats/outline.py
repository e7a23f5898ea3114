"""An inspected application as an outline: nested lines whose parts carry a style, whoever draws them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from troubleshoot import program
from troubleshoot.errors import UsageError
from troubleshoot.inspection.described import Application, Dependency, Layer, Place, Route, Runs
from troubleshoot.inspection.facts.interface import Fact
from troubleshoot.inspection.report import Report
from troubleshoot.redaction import shown

MANY = 40
"""Routes from which on their dependencies are only counted."""
LONGEST_OPTION = 120
FRAMEWORK_ERRORS = ("Exception", "500")
"""What ServerErrorMiddleware handles; everything else is handled in ExceptionMiddleware."""
RUNS: Mapping[Runs, str] = {"event loop": "loop", "thread pool": "thread"}

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


@dataclass(frozen=True, slots=True)
class Shell:
    """One layer of the onion: its label, and the lines that stand in it beside the next layer."""

    label: Node
    notes: tuple[Node, ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything to be drawn. `onion` goes from the outside in, and ends with the router."""

    head: Node
    onion: tuple[Shell, ...]
    routes: tuple[Node, ...]
    lifecycle: tuple[Node, ...]
    facts: tuple[Node, ...]
    ordinary: str
    causes: tuple[Node, ...]


def outline(report: Report, only: str = "") -> Outline:
    """Return the outline of `report`, with the routes whose path or endpoint holds the text `only`.

    Raises `UsageError` if there is no such route.
    """
    app = report.app
    marks = _Marks(report.remarkable)
    routes = tuple(_routes(app, "", _Wanted(only, _count(app) <= MANY or bool(only)), marks))
    if only and not routes:
        raise UsageError(f"--route {only}: no path and no endpoint holds this")
    return Outline(
        head=_head(report),
        onion=tuple(_shells(app, marks)),
        routes=routes,
        lifecycle=tuple(_lifecycle(app, marks)),
        facts=tuple(_fact(fact) for fact in report.remarkable),
        ordinary="; ".join(fact.what for fact in report.ordinary),
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
    return Node(((report.target, "name"), (_title(report.app), "text"), (f"  {versions}", "dim")))


def _title(app: Application) -> str:
    return f"  {shown(app.title)}" if app.title not in ("", "FastAPI") else ""


class _Marks:
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


def _place(place: Place) -> tuple[Part, ...]:
    hidden = place.is_library or not place.location
    return ((place.short, "name"),) if hidden else ((place.short, "name"), (f"  {place.location}", "place"))


def _shells(app: Application, marks: _Marks) -> Iterator[Shell]:
    for layer in app.layers:
        is_own = layer.layer != "built-in"
        parts = _place(layer.shown) if is_own else ((layer.short, "dim"),)
        parts += (("  @app.middleware", "dim"),) if layer.shown.name != layer.name else ()
        parts += (("  around the application", "dim"),) if layer.layer == "wrapper" else ()
        yield Shell(Node((*parts, *marks.of(layer.shown))), tuple(_notes(app, layer)), is_own)
    if app.unbuildable is not None:
        yield Shell(Node(((f"cannot be built: {shown(app.unbuildable.error)}", "mark"),)), (), True)
    yield Shell(Node((("router", "name"), (f"  {_counted(app)}", "text"))), (), False)


def _notes(app: Application, layer: Layer) -> Iterator[Node]:
    for name, value in layer.options.items():
        yield Node(((f"{name} = ", "dim"), (shown(_written(value), LONGEST_OPTION), "text")))
    if layer.layer == "built-in" and layer.short in ("ServerErrorMiddleware", "ExceptionMiddleware"):
        for handler in app.exception_handlers:
            is_outer = layer.short == "ServerErrorMiddleware"
            if (handler.of in FRAMEWORK_ERRORS) == is_outer and not handler.name.startswith("fastapi."):
                yield Node(((f"{handler.of} → ", "dim"), *_place(handler)))


def _written(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_written(item)}' for key, item in value.items())}}}"
    return str(value)


def _count(app: Application) -> int:
    return sum(1 for route in app.routes if route.is_own)


def _counted(app: Application) -> str:
    kinds = [route.kind for route in app.routes if route.is_own]
    words = {"http": "route", "websocket": "WebSocket", "mount": "mount", "static": "static mount", "host": "host"}
    found = [
        f"{kinds.count(kind)} {word}{'s' if kinds.count(kind) > 1 else ''}"
        for kind, word in words.items()
        if kind in kinds
    ]
    return ", ".join(found) or "no routes"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which routes are wanted, and whether with their dependencies."""

    only: str
    is_detailed: bool

    def takes(self, route: Route, path: str) -> bool:
        endpoint = route.endpoint.short if route.endpoint else ""
        return self.only in f"{route.verb} {path}" or self.only in endpoint


def _routes(app: Application, prefix: str, wanted: _Wanted, marks: _Marks) -> Iterator[Node]:
    built_in = [route.path for route in app.routes if not route.is_own]
    if built_in and not wanted.only:
        yield Node(((f"{' '.join(built_in)}  of FastAPI", "dim"),))
    yield from _listed(app.routes, prefix, wanted, marks)


def _listed(routes: Sequence[Route], prefix: str, wanted: _Wanted, marks: _Marks) -> Iterator[Node]:
    for route in routes:
        if not route.is_own:
            continue
        path = prefix if route.kind == "host" else prefix + route.path
        inner: tuple[Node, ...] = ()
        if route.app is not None:
            inner = (*_inner_layers(route.app, wanted, marks), *_routes(route.app, path, wanted, marks))
        elif route.routes:
            inner = tuple(_listed(route.routes, path, wanted, marks))
        if inner or wanted.takes(route, path):
            yield _route(route, path, inner, wanted, marks)


def _inner_layers(app: Application, wanted: _Wanted, marks: _Marks) -> Iterator[Node]:
    own = [shell.label for shell in _shells(app, marks) if shell.is_own]
    if own and not wanted.only:
        yield Node((("middleware", "dim"),), tuple(own))


def _route(route: Route, path: str, inner: tuple[Node, ...], wanted: _Wanted, marks: _Marks) -> Node:
    parts: list[Part] = [(f"{route.verb} ", f"verb {route.verb}"), (path or "/", "path")]
    if route.endpoint is not None:
        parts += [("  ", "text"), *_place(route.endpoint)]
    if route.app is not None:
        parts.append((f"  {route.app.short}{_title(route.app)}", "dim"))
    if route.directory:
        parts.append((f"  {route.directory}", "place"))
    if route.runs is not None:
        parts.append((f"  {RUNS[route.runs]}", route.runs))
    answer = " ".join(filter(None, (str(route.status_code or ""), route.response_model)))
    if answer:
        parts.append((f"  → {answer}", "text"))
    parts += marks.of(route.endpoint, path)
    if not wanted.is_detailed:
        known = sum(1 for _ in route.walk())
        parts += [(f"  {known} {'dependency' if known == 1 else 'dependencies'}", "dim")] if known else []
        return Node(tuple(parts), inner)
    return Node(tuple(parts), (*(_dependency(item, path, marks) for item in route.dependencies), *inner))


def _dependency(item: Dependency, path: str, marks: _Marks, inherited: tuple[str, ...] = ()) -> Node:
    parts: list[Part] = [(f"{item.parameter} = ", "dim")] if item.parameter else []
    if item.reused:
        return Node((*parts, (item.short, "dim"), ("  ↺ from the cache", "dim")))
    parts += [*_place(item), (f"  {RUNS[item.runs]}", item.runs)]
    if item.is_generator:
        parts.append(("  yield" if item.exit != "function" else "  yield, ends before the response", "yield"))
    if not item.use_cache:
        parts.append(("  never cached", "text"))
    if item.scopes and item.scopes != inherited:
        parts.append((f"  scopes {' '.join(item.scopes)}", "text"))
    if item.overridden_by is not None:
        parts += [("  overridden by ", "mark"), *_place(item.overridden_by)]
    parts += marks.of(item, path)
    return Node(tuple(parts), tuple(_dependency(child, path, marks, item.scopes) for child in item.dependencies))


def _lifecycle(app: Application, marks: _Marks) -> Iterator[Node]:
    lifespan = app.lifespan
    for place in lifespan.functions:
        yield Node((("lifespan  ", "dim"), *_place(place)))
    for word, handlers in (("startup", lifespan.startup), ("shutdown", lifespan.shutdown)):
        for place in handlers:
            never = () if lifespan.runs_events else (("  never runs", "mark"),)
            yield Node(((f"on {word}  ", "dim"), *_place(place), *never, *marks.of(place)))
    for override in app.overrides:
        parts = (("dependency_overrides  ", "dim"), *_place(override.of), (" → ", "dim"), *_place(override.by))
        yield Node((*parts, *marks.of(override.of)))


def _fact(fact: Fact) -> Node:
    where = fact.place.location if fact.place else ""
    return Node(
        ((fact.id, "mark"), (f"  {where}" if where else "", "place")), (Node(((shown(fact.what, 400), "text"),)),)
    )
