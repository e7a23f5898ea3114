"""Facts about routes: which are never reached, and what kinds there are."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from troubleshoot.inspection.described import Application, Route, applications, served
from troubleshoot.inspection.facts.interface import Fact
from troubleshoot.inspection.reach import Unreached, unreached

REMARKABLE = {
    "route-shadowed": "an earlier route with a parameter takes every request of a later one",
    "route-behind-mount": "an earlier mount takes every request of a later route",
    "route-duplicated": "a route has the path and the methods of an earlier one",
    "websocket-route-shadowed": "what is tried earlier takes every connection to a WebSocket route",
    "plain-websocket-route": "prefix or dependencies around a WebSocket route of Starlette's kind do not apply to it",
    "token-url-without-route": "no route answers at the tokenUrl of an OAuth2 scheme",
    "router-not-included": "a router with routes is not part of the application",
}
ORDINARY = {
    "no-websocket-route": "there is no WebSocket route",
    "no-unreached-route": "every route can be reached",
}


def reach(app: Application) -> Iterator[Fact]:
    """Tell of routes that no request reaches."""
    found = [item for item in unreached(app) if item.route.is_own]
    for item in found:
        yield Fact(id=_id(item), what=_sentence(item), place=item.route.endpoint, path=item.path)
    if not found:
        yield Fact(id="no-unreached-route", what="no route stands behind another that takes all its requests")


def _id(item: Unreached) -> str:
    if item.route.kind == "websocket":
        return "websocket-route-shadowed"
    if item.is_duplicate:
        return "route-duplicated"
    if any(earlier.route.kind in ("mount", "static") for earlier in item.by):
        return "route-behind-mount"
    return "route-shadowed"


def _sentence(item: Unreached) -> str:
    earlier = " and ".join(_described(other.route, other.path) for other in item.by)
    late = _described(item.route, item.path)
    if item.is_duplicate and all(other.route.endpoint == item.route.endpoint for other in item.by):
        return f"{late} is registered twice; the second is never reached"
    verb = "has" if item.is_duplicate else "matches"
    what = "the same path and method" if item.is_duplicate else "every such path"
    return f"{late} is never reached: {earlier}, which is tried first, {verb} {what}"


def _described(route: Route, path: str) -> str:
    title = f"{route.verb} {path or '/'}"
    return f"{title} ({route.endpoint.short})" if route.endpoint else title


def websockets(app: Application) -> Iterator[Fact]:
    """Tell whether there are WebSocket routes, and of those that FastAPI's dependencies do not apply to."""
    items = list(served(app))
    for item in items:
        route = item.route
        if route.kind == "websocket" and not route.is_fastapi and item.app.router_dependencies:
            yield Fact(
                id="plain-websocket-route",
                what=f"{item.title} is a route of Starlette's (websocket_route), so the application's dependencies do "
                "not apply to it",
                place=route.endpoint,
                path=item.path,
            )
    for socket in app.plain_sockets:
        yield Fact(
            id="plain-websocket-route",
            what=f"WS {socket.path} is a route of Starlette's (websocket_route), so the prefix and dependencies of its "
            "router do not apply to it",
            place=socket,
            path=socket.path,
        )
    if not any(item.route.kind == "websocket" or is_opaque(item.route) for item in items):
        yield Fact(id="no-websocket-route", what="the application has no WebSocket route")


def is_opaque(route: Route) -> bool:
    """Whether something is mounted that cannot be looked into."""
    if route.kind in ("mount", "host"):
        return route.app is None and not route.routes
    return route.kind == "other" or (route.kind == "http" and not route.methods)


def token_urls(app: Application) -> Iterator[Fact]:
    """Tell of login endpoints that are named and not there."""
    items = list(served(app))
    if any(is_opaque(item.route) for item in items):
        return
    paths = [item.path for item in items if "POST" in item.route.methods]
    for item in items:
        for dependency in item.route.walk():
            url = urlsplit(dependency.token_url)
            path = f"/{url.path.lstrip('/')}"
            # A proxy may take a prefix away, so it is enough that a route ends the URL.
            if url.path and not url.netloc and not any(path.endswith(known) for known in paths if known != "/"):
                yield Fact(
                    id="token-url-without-route",
                    what=f"tokenUrl={dependency.token_url!r} is where the docs send the login form, and no POST route "
                    "is there",
                    path=path,
                )


def outsiders(app: Application) -> Iterator[Fact]:
    """Tell of routers in the user's modules that were never included."""
    for part in applications(app):
        for router in part.outsiders:
            yield Fact(
                id="router-not-included",
                what=f"{router.name} has {router.routes} route{'s' if router.routes > 1 else ''}, and none of them is "
                "part of this application",
                place=router,
            )


RULES = (reach, websockets, token_urls, outsiders)
