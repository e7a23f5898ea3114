"""Facts about dependencies and signatures."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.inspection.described import (
    Application,
    Dependency,
    Place,
    RequestParameter,
    Route,
    Served,
    applications,
    served,
)
from troubleshoot.inspection.facts.interface import Fact
from troubleshoot.inspection.facts.middleware import added

REMARKABLE = {
    "context-manager-dependency": "a dependency is decorated with contextmanager or asynccontextmanager",
    "request-dependency-on-websocket": "a WebSocket route has a dependency that cannot be called without a Request",
    "websocket-dependency-on-http": "an HTTP route has a dependency that cannot be called without a WebSocket",
    "variadic-query-parameter": "*args or **kwargs became query parameters",
    "unresolved-query-parameter": "a parameter whose type cannot be resolved became a query parameter",
    "settings-as-parameter": "a settings object without Depends is read from the request",
    "authorization-as-header": "the Authorization header is declared as a plain header parameter",
    "dependency-built-twice": "one request runs a dependency twice, because it was built as two objects",
    "override-never-used": "a key of dependency_overrides is no dependency of the application",
    "override-not-callable": "a value of dependency_overrides cannot be called",
}
ORDINARY = {
    "no-yield-dependency": "no dependency has a yield",
    "no-async-code": "no endpoint, dependency or middleware of the user's runs on the event loop",
    "no-dependency": "no route has a dependency",
}


def signatures(app: Application) -> Iterator[Fact]:
    """Judge what FastAPI has read out of each signature."""
    for item in served(app):
        route = item.route
        if route.endpoint is not None:
            yield from _parameters(route.endpoint, route.parameters, item)
        for dependency in route.walk():
            yield from _parameters(dependency, dependency.parameters, item)
            yield from _connection(dependency, item)
            if dependency.context_manager:
                yield Fact(
                    id="context-manager-dependency",
                    what=f"the dependency {dependency.short} of {item.title} is decorated with "
                    f"{dependency.context_manager}; FastAPI makes a context manager out of it itself",
                    place=dependency.alone,
                    path=item.path,
                )
            if dependency.repeats:
                yield Fact(
                    id="dependency-built-twice",
                    what=f"{item.title} runs {dependency.short} twice in a request: the two are equal but not the same "
                    "object, so the cache misses",
                    place=dependency.alone,
                    path=item.path,
                )


def _parameters(place: Place, parameters: tuple[RequestParameter, ...], item: Served) -> Iterator[Fact]:
    variadic = [parameter.name for parameter in parameters if parameter.is_variadic]
    if variadic:
        yield Fact(
            id="variadic-query-parameter",
            what=f"FastAPI reads {' and '.join(variadic)} out of the signature of {place.short} as query parameters of "
            f"{item.title}",
            place=place.alone,
            path=item.path,
        )
    for parameter in parameters:
        if parameter.is_unresolved:
            yield Fact(
                id="unresolved-query-parameter",
                what=f"the type of {parameter.name} in {place.short} cannot be resolved, so FastAPI reads it from the "
                f"{parameter.place} of {item.title}",
                place=place.alone,
                path=item.path,
            )
        if parameter.is_settings:
            yield Fact(
                id="settings-as-parameter",
                what=f"{parameter.name}: {parameter.type} in {place.short} has no Depends, so the client of "
                f"{item.title} is asked for the settings",
                place=place.alone,
                path=item.path,
            )
        if item.route.kind == "http" and parameter.place == "header" and parameter.alias.lower() == "authorization":
            yield Fact(
                id="authorization-as-header",
                what=f"{place.short} declares the Authorization header as a plain parameter, which /docs never sends",
                place=place.alone,
                path=item.path,
            )


def _connection(dependency: Dependency, item: Served) -> Iterator[Fact]:
    """Tell of a dependency that is called without an argument it needs."""
    for wanted, kind, id_, asks in (
        ("request", "websocket", "request-dependency-on-websocket", "Request"),
        ("websocket", "http", "websocket-dependency-on-http", "WebSocket"),
    ):
        if item.route.kind == kind and wanted in dependency.wants:
            yield Fact(
                id=id_,
                what=f"{item.title} depends on {dependency.short}, which needs a {asks}; there is none on this "
                "route, so the call fails",
                place=dependency.alone,
                path=item.path,
            )


def overrides(app: Application) -> Iterator[Fact]:
    """Judge the entries of dependency_overrides."""
    for part in applications(app):
        for override in part.overrides:
            if not override.is_used:
                yield Fact(
                    id="override-never-used",
                    what=f"dependency_overrides has the key {override.of.short}, which is no dependency of this "
                    "application, so it replaces nothing",
                    place=override.of,
                )
            if not override.is_callable:
                yield Fact(
                    id="override-not-callable",
                    what=f"dependency_overrides[{override.of.short}] is {override.by.short}, which cannot be called",
                    place=override.of,
                )


def kinds(app: Application) -> Iterator[Fact]:
    """Tell which kinds of dependencies and functions there are not."""
    routes = [item.route for item in served(app)]
    dependencies = [dependency for route in routes for dependency in route.walk()]
    if not dependencies:
        yield Fact(id="no-dependency", what="no route has a dependency")
    if not any(dependency.is_generator for dependency in dependencies):
        yield Fact(id="no-yield-dependency", what="no dependency has a yield")
    layers = [layer for part in applications(app) for layer in added(part)]
    is_async = any(_runs_on_the_loop(route) for route in routes) or any(
        dependency.is_async and not dependency.name.startswith("fastapi.") for dependency in dependencies
    )
    if not is_async and not any(
        not layer.name.startswith(("starlette.", "fastapi.")) or layer.function for layer in layers
    ):
        yield Fact(id="no-async-code", what="every endpoint and dependency is a plain function, run in the thread pool")


def _runs_on_the_loop(route: Route) -> bool:
    if route.kind in ("websocket", "mount", "host", "other") and route.app is None and not route.routes:
        return True
    return route.kind == "http" and route.is_own and route.runs != "thread pool"


RULES = (signatures, overrides, kinds)
