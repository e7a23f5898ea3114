"""The routes of an application with their dependencies, in the order in which they are tried."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from troubleshoot.formats.outline.layers import shells
from troubleshoot.formats.outline.nodes import Marks, Node, Part, place_parts, title
from troubleshoot.inspection.described import Application, Dependency, Route, Runs, served

MANY = 40
"""Routes from which on a line each is enough for them."""
PARAMETER = re.compile(r"\\\{\w+(?P<is_path>:path)?(?::\w+)?\\\}")
"""A parameter in an escaped path."""
RUNS: Mapping[Runs, str] = {"event loop": "loop", "thread pool": "thread"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """Which routes are drawn and how: all of them, or those that a request for the path `only` meets.

    With `is_loose`, those are drawn whose path or endpoint holds the text `only`. `shared` names the dependency trees
    that several routes have, which are then drawn once; without it, each route is drawn with its own.
    """

    marks: Marks
    only: str = ""
    is_loose: bool = False
    shared: Mapping[tuple[Node, ...], str] | None = None

    def takes(self, route: Route, path: str) -> bool:
        """Return whether a route with this whole path is drawn."""
        endpoint = route.endpoint.short if route.endpoint else ""
        if not self.only or self.is_loose:
            return self.only in f"{route.verb} {path}" or self.only in endpoint
        verb, _, asked = self.only.rpartition(" ")
        pattern = PARAMETER.sub(lambda found: ".*" if found["is_path"] else "[^/]+", re.escape(path))
        is_met = path == asked or re.fullmatch(pattern, asked) is not None
        return is_met and (not verb or verb in (*route.methods, route.verb))


def drawn(app: Application, only: str, marks: Marks) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Return the routes, and the dependency trees that many of them share; no routes if nothing fits `only`."""
    if only:
        met = tuple(_routes(app, "", Drawing(marks, only)))
        return met or tuple(_routes(app, "", Drawing(marks, only, is_loose=True))), ()
    if sum(1 for route in app.routes if route.is_own) <= MANY:
        return tuple(_routes(app, "", Drawing(marks))), ()
    counted = Counter(
        tree for item in served(app) if item.route.is_own and (tree := _dependencies(item.route, item.path, marks))
    )
    several = [tree for tree, count in counted.items() if count > 1]
    shared = {tree: f"[{number}]" for number, tree in enumerate(several, start=1)}
    trees = tuple(
        Node(((f"{name} ", "name"), (f"{counted[tree]} routes", "text")), tree) for tree, name in shared.items()
    )
    return tuple(_routes(app, "", Drawing(marks, shared=shared))), trees


def _routes(app: Application, prefix: str, drawing: Drawing) -> Iterator[Node]:
    built_in = [route.path for route in app.routes if not route.is_own]
    if built_in and not drawing.only:
        yield Node(((f"{' '.join(built_in)}  of FastAPI", "dim"),))
    yield from _listed(app.routes, prefix, drawing)


def _listed(routes: Sequence[Route], prefix: str, drawing: Drawing) -> Iterator[Node]:
    for route in routes:
        if not route.is_own:
            continue
        path = prefix if route.kind == "host" else prefix + route.path
        inner: tuple[Node, ...] = ()
        if route.app is not None:
            inner = (*_inner_layers(route.app, drawing), *_routes(route.app, path, drawing))
        elif route.routes:
            inner = tuple(_listed(route.routes, path, drawing))
        if inner or drawing.takes(route, path):
            yield _route(route, path, inner, drawing)


def _inner_layers(app: Application, drawing: Drawing) -> Iterator[Node]:
    own = [shell.label for shell in shells(app, drawing.marks) if shell.is_own]
    if own and not drawing.only:
        yield Node((("middleware", "dim"),), tuple(own))


def _route(route: Route, path: str, inner: tuple[Node, ...], drawing: Drawing) -> Node:
    parts: list[Part] = [(f"{route.verb} ", f"verb {route.verb}"), (path or "/", "path")]
    if route.endpoint is not None:
        parts += [("  ", "text"), *place_parts(route.endpoint)]
    if route.app is not None:
        parts.append((f"  {route.app.short}{title(route.app)}", "dim"))
    if route.directory:
        parts.append((f"  {route.directory}", "place"))
    if route.runs is not None:
        parts.append((f"  {RUNS[route.runs]}", route.runs))
    answer = " ".join(filter(None, (str(route.status_code or ""), route.response_model)))
    if answer:
        parts.append((f"  → {answer}", "text"))
    parts += drawing.marks.of(route.endpoint, path)
    tree = _dependencies(route, path, drawing.marks)
    if drawing.shared is None or not tree:
        return Node(tuple(parts), (*tree, *inner))
    known = sum(1 for _ in route.walk())
    own = (f"  {known} {'dependency' if known == 1 else 'dependencies'}", "dim")
    parts.append((f"  {drawing.shared[tree]}", "name") if tree in drawing.shared else own)
    return Node(tuple(parts), inner)


def _dependencies(route: Route, path: str, marks: Marks) -> tuple[Node, ...]:
    return tuple(_dependency(item, path, marks) for item in route.dependencies)


def _dependency(item: Dependency, path: str, marks: Marks, inherited: tuple[str, ...] = ()) -> Node:
    parts: list[Part] = [(f"{item.parameter} = ", "dim")] if item.parameter else []
    if item.reused:
        return Node((*parts, (item.short, "dim"), ("  ↺ from the cache", "dim")))
    parts += [*place_parts(item), (f"  {RUNS[item.runs]}", item.runs)]
    if item.is_generator:
        parts.append(("  yield" if item.exit != "function" else "  yield, ends before the response", "yield"))
    if not item.use_cache:
        parts.append(("  never cached", "text"))
    if item.scopes and item.scopes != inherited:
        parts.append((f"  scopes {' '.join(item.scopes)}", "text"))
    if item.overridden_by is not None:
        parts += [("  overridden by ", "mark"), *place_parts(item.overridden_by)]
    parts += marks.of(item, path)
    return Node(tuple(parts), tuple(_dependency(child, path, marks, item.scopes) for child in item.dependencies))
