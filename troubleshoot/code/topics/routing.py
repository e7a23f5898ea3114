"""The order in which an application tries its routes, put together from routers, prefixes and mounts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from troubleshoot.code.application.parts import Origin, Registration, Route
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, are_apart, argument, keyword, text_of

PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")
NUMERIC = ("int", "float", "uuid")
DEEPEST = 6


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A route, or a mount (`route` is None), at the path under which the application has it.

    A prefix that is no literal stands in `path` as its source in angle brackets.
    """

    path: str
    methods: frozenset[str]
    call: ast.Call
    function: Function | None
    route: Route | None
    registration: Registration | None = None

    @property
    def segments(self) -> list[str]:
        """The parts of the path; a closing slash is a part of its own."""
        return self.path.split("/")[1:]

    @property
    def pattern(self) -> str:
        """The path with the names of its parameters left out."""
        return PARAMETER.sub(lambda found: "{:" + (found[2] or "") + "}", self.path)


@dataclass(eq=False)
class Routing:
    """The routes of each application and of each router that stands alone, in the order in which they are tried."""

    project: Project
    _made: dict[Origin, ast.Call] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for item in self.project.registrations("app", "router made"):
            if item.owner is not None:
                self._made[item.owner] = item.call

    @cached_property
    def included(self) -> frozenset[Origin]:
        """The routers that are included in something."""
        return frozenset(item.other for item in self.project.registrations("router") if item.other is not None)

    def tables(self) -> Iterator[list[Entry]]:
        """Yield the routes of everything that is not itself included elsewhere."""
        owners = dict.fromkeys(
            [item.router for item in self.project.routes if item.router is not None]
            + [item.owner for item in self.project.registrations("router", "mount") if item.owner is not None]
        )
        alone = [owner for owner in owners if owner not in self.included]
        applications = {item.owner for item in self.project.registrations("app")}
        served: set[ast.Call] = set()
        for owner in sorted(alone, key=lambda owner: owner not in applications):
            table = list(self._entries(owner, "", 0))
            if owner in applications:
                served.update(entry.call for entry in table)
            elif any(entry.call in served for entry in table):
                # A router that nobody includes, of routers that an application includes one by one.
                continue
            yield table

    def _entries(self, owner: Origin, prefix: str, depth: int) -> Iterator[Entry]:
        made = self._made.get(owner)
        own = prefix + (_literal(keyword(made, "prefix")) if made is not None else "")
        for item in self._events(owner):
            if isinstance(item, Route):
                if item.path is not None:
                    methods = frozenset(item.methods or ("WEBSOCKET",))
                    yield Entry(own + item.path, methods, item.call, item.function, item)
            elif item.kind == "mount":
                path = _literal(argument(item.call, 0, "path")).rstrip("/")
                yield Entry(f"{own}{path}/{{rest:path}}", frozenset(), item.call, item.scope.function, None, item)
            elif item.other is not None and depth < DEEPEST:
                inner = own + _literal(keyword(item.call, "prefix"))
                for entry in self._entries(item.other, inner, depth + 1):
                    yield replace(entry, registration=entry.registration or item)

    @cached_property
    def _added(self) -> dict[Origin, list[Route | Registration]]:
        found: dict[Origin, list[Route | Registration]] = {}
        for route in self.project.routes:
            if route.router is not None:
                found.setdefault(route.router, []).append(route)
        for item in self.project.registrations("router", "mount"):
            if item.owner is not None:
                found.setdefault(item.owner, []).append(item)
        return found

    def _events(self, owner: Origin) -> list[Route | Registration]:
        """Return what is added to a router, in order, if that can be told from the lines."""
        return sorted(self._added.get(owner, ()), key=lambda item: (item.scope.module.path != owner[0], _place(item)))


def _place(item: Route | Registration) -> tuple[str, int, int]:
    """Return where an item comes in the order of its file; the decorators of one function are applied from below."""
    path, line = item.scope.module.path, item.call.lineno
    if isinstance(item, Route) and item.call in item.function.node.decorator_list:
        return path, item.function.node.lineno, -line
    return path, line, 0


def _literal(node: ast.expr | None) -> str:
    if node is None:
        return ""
    return text_of(node) if isinstance(node, ast.Constant) else f"/<{ast.unparse(node)}>"


def shadows(earlier: Entry, later: Entry) -> bool:
    """Return whether every request for `later` goes to `earlier`."""
    if earlier.methods and not later.methods <= earlier.methods:
        return False
    mine, other = earlier.segments, later.segments
    for index, segment in enumerate(mine):
        parameter = PARAMETER.fullmatch(segment)
        if parameter is not None and parameter[2] == "path":
            return index == len(mine) - 1 and len(other) > index
        if index >= len(other):
            return False
        if segment == other[index]:
            continue
        if parameter is None or other[index] == "" or not _covers(parameter[2], other[index]):
            return False
    return len(mine) == len(other)


def are_never_both(one: Entry, other: Entry) -> bool:
    """Return whether the application has only one of two routes: a condition decides which is added."""
    added, also = one.registration, other.registration
    return are_apart(one.call, other.call) or (
        added is not None and also is not None and are_apart(added.call, also.call)
    )


def may_be_missing(one: Entry, other: Entry) -> bool:
    """Return whether a router is included under a condition, which says nothing of another route."""
    if one.registration is None:
        return False
    around = set(ancestors(other.call if other.registration is None else other.registration.call))
    return any(isinstance(item, ast.If) and item not in around for item in ancestors(one.registration.call))


def _covers(convertor: str | None, segment: str) -> bool:
    """Return whether a parameter takes everything that a segment of a later route stands for."""
    inside = PARAMETER.fullmatch(segment)
    if inside is not None:
        return inside[2] != "path" and (convertor not in NUMERIC or inside[2] == convertor)
    if "{" in segment:
        return convertor not in NUMERIC
    return convertor not in NUMERIC or (convertor == "int" and segment.isdigit())
