"""Which routes no request can reach, because what is tried before them takes every path of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from troubleshoot.inspection.described import Application, Route
from troubleshoot.inspection.paths import covers, without_names
from troubleshoot.values import frozen

REST = re.compile(r"/\(\?P<path>\.\*\)\$$")
"""What stands at the end of a mount's pattern."""
WEBSOCKET = "websocket"
ANY = "any method"


@frozen
class Unreached:
    """A route that is never reached, its whole path, and the earlier routes that take its requests, with theirs.

    `is_duplicate` says that the earlier ones take no other paths.
    """

    route: Route
    path: str
    by: tuple[Candidate, ...]
    is_duplicate: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A route that is tried, its whole path, and the pattern of its whole path."""

    route: Route
    path: str
    pattern: str


def unreached(app: Application) -> Iterator[Unreached]:
    """Yield the routes that no request can reach, in `app` and in what is mounted in it."""
    yield from _level(app.routes, "", "^", [])


def _level(routes: Sequence[Route], prefix: str, pattern: str, outer: Sequence[Candidate]) -> Iterator[Unreached]:
    """Yield from routes below a prefix; `outer` are those tried before anything that lies below it."""
    tried = list(outer)
    for route in routes:
        if route.kind == "host":
            yield from _below(route, prefix, pattern, tried)
        if not route.regex or route.kind in ("host", "frontend", "other"):
            continue
        own = Candidate(route, prefix + route.path, pattern + without_names(route.regex.removeprefix("^")))
        found = _taken(own, tried)
        if found is not None:
            yield found
            continue
        if REST.search(route.regex):
            inside = pattern + without_names(REST.sub("", route.regex).removeprefix("^"))
            yield from _below(route, own.path, inside, tried)
        tried.append(own)


def _below(route: Route, prefix: str, pattern: str, outer: Sequence[Candidate]) -> Iterator[Unreached]:
    inner = route.app.routes if route.app is not None else route.routes
    yield from _level(inner, prefix, pattern, outer)


def _taken(own: Candidate, tried: Sequence[Candidate]) -> Unreached | None:
    """Return who takes the requests of `own`, if somebody takes all of them."""
    by: dict[int, Candidate] = {}
    for method in _wanted(own.route):
        taker = next(
            (
                index
                for index, earlier in enumerate(tried)
                if _accepts(earlier.route, method) and covers(earlier.pattern, own.pattern)
            ),
            None,
        )
        if taker is None:
            return None
        by[taker] = tried[taker]
    is_duplicate = all(
        earlier.route.kind == own.route.kind and covers(own.pattern, earlier.pattern) for earlier in by.values()
    )
    return Unreached(route=own.route, path=own.path, by=tuple(by.values()), is_duplicate=is_duplicate)


def _wanted(route: Route) -> tuple[str, ...]:
    """Return what the route answers to: HTTP methods, WebSocket connections, or both.

    The HEAD that Starlette adds to GET, and that FastAPI does not, is nothing that anybody asked for.
    """
    if route.kind == "websocket":
        return (WEBSOCKET,)
    if route.kind == "mount":
        return (ANY, WEBSOCKET)
    methods = route.methods or (ANY,)
    is_added = "GET" in methods and not route.is_fastapi
    return tuple(method for method in methods if method != "HEAD" or not is_added)


def _accepts(route: Route, method: str) -> bool:
    if route.kind in ("mount", "static"):
        return True
    if (route.kind == "websocket") != (method == WEBSOCKET):
        return False
    return not route.methods or method in route.methods
