"""An application as plain JSON: versions, middleware, routes with their dependencies, handlers, start and stop."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from typing import Any

from . import callables, dependencies, onion, outsiders

PACKAGES = ("fastapi", "starlette", "pydantic", "uvicorn")
DEEPEST = 20
"""Wrappers around one application."""


def is_application(thing: Any) -> bool:
    """Return whether `thing` is a Starlette application, of which FastAPI is one."""
    module = sys.modules.get("starlette.applications")
    return module is not None and isinstance(thing, module.Starlette)


def application_in(thing: Any) -> tuple[Any, list[Any]]:
    """Return the application inside `thing` (None if there is none) and what was put around it, outermost first."""
    around: list[Any] = []
    while not is_application(thing):
        if thing is None or isinstance(thing, type) or len(around) >= DEEPEST:
            return None, around
        around.append(thing)
        thing = onion.inner_of(thing)
    return thing, around


def collect(thing: Any) -> dict[str, Any]:
    """Return everything about the application in `thing`; raises nothing that an application can cause."""
    collector = _Collector()
    described = collector.application(thing)
    return {
        **described,
        "versions": _versions(),
        "outsiders": outsiders.find(collector.endpoints, _flattened),
        "plain_sockets": outsiders.plain_sockets(),
    }


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        version = getattr(sys.modules.get(name), "__version__", None)
        if isinstance(version, str):
            found[name] = version
    return found


class _Collector:
    """Describes an application and those mounted in it, each once."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.endpoints: set[int] = set()
        self.overrides: Any = None
        self.met: list[Any] = []

    def application(self, thing: Any) -> dict[str, Any]:
        app, around = application_in(thing)
        self.seen.append(app)
        layers, problem = onion.layers_of(app)
        overrides = getattr(app, "dependency_overrides", None) or {}
        outer = self.overrides, self.met
        self.overrides, self.met = overrides, []
        routes = [self.route(item) for item in _flattened(app.routes)]
        met = self.met
        self.overrides, self.met = outer
        return {
            **callables.place_of(type(app)),
            "title": str(getattr(app, "title", "") or ""),
            "root_path": str(getattr(app, "root_path", "") or ""),
            "debug": bool(getattr(app, "debug", False)),
            "layers": [*map(onion.wrapper, around), *layers],
            "unbuildable": problem,
            "routes": routes + [self.frontend(item) for item in getattr(app.router, "_low_priority_routes", ())],
            "router_dependencies": len(getattr(app.router, "dependencies", None) or ()),
            "overrides": [_override(key, value, met) for key, value in overrides.items()],
            "exception_handlers": [
                {"of": getattr(key, "__name__", str(key)), **callables.place_of(handler)}
                for key, handler in app.exception_handlers.items()
            ],
            "lifespan": _lifespan(app.router),
        }

    def route(self, route: Any) -> dict[str, Any]:
        """Describe a route of any kind; a mount carries what is mounted."""
        regex = getattr(route, "path_regex", None)
        found: dict[str, Any] = {
            "kind": _kind(route),
            "path": getattr(route, "path", None) or getattr(route, "host", None) or "",
            "regex": getattr(regex, "pattern", ""),
            "methods": sorted(getattr(route, "methods", None) or ()),
            "name": getattr(route, "name", None) or "",
        }
        if found["kind"] in ("mount", "host"):
            return {**found, **self.mounted(route)}
        endpoint = getattr(route, "endpoint", None)
        if endpoint is not None:
            found["endpoint"] = callables.place_of(endpoint)
            self.endpoints.add(id(endpoint))
        dependant = getattr(route, "dependant", None)
        if dependant is not None:
            solver = dependencies.Solver(self.overrides)
            found.update(dependencies.run_of(dependant))
            found.update(dependencies.needs_of(dependant))
            found["dependencies"] = solver.tree(dependant)
            self.met += solver.met
        return {**found, **_answer_of(route)}

    def mounted(self, route: Any) -> dict[str, Any]:
        mounted = route.app
        app, _ = application_in(mounted)
        if app is not None:
            return {} if any(app is known for known in self.seen) else {"app": self.application(mounted)}
        static = sys.modules.get("starlette.staticfiles")
        inner = mounted
        while inner is not None:
            if static is not None and isinstance(inner, static.StaticFiles):
                folder = getattr(inner, "directory", None)
                return {"kind": "static", "methods": ["GET", "HEAD"], "directory": str(folder or "")}
            if isinstance(getattr(inner, "routes", None), list):
                return {"routes": [self.route(item) for item in _flattened(inner.routes)]}
            inner = onion.inner_of(inner)
        return {"endpoint": callables.place_of(mounted)}

    def frontend(self, group: Any) -> dict[str, Any]:
        """Describe what FastAPI serves when no route matches."""
        paths = [getattr(item, "path", "") for item in getattr(group, "routes", ())]
        return {"kind": "frontend", "path": " ".join(paths), "methods": ["GET", "HEAD"]}


def _flattened(routes: Any) -> Iterator[Any]:
    """Yield the routes as requests meet them; newer versions of FastAPI keep an included router as one."""
    module = sys.modules.get("fastapi.routing")
    contexts = getattr(module, "iter_route_contexts", None)
    return iter(contexts(routes)) if callable(contexts) else iter(routes)


def _kind(route: Any) -> str:
    from starlette import routing

    route = getattr(route, "original_route", route)
    if isinstance(route, routing.Mount):
        return "mount"
    if isinstance(route, routing.WebSocketRoute):
        return "websocket"
    if isinstance(route, routing.Route):
        return "http"
    return "host" if isinstance(route, routing.Host) else "other"


def _answer_of(route: Any) -> dict[str, Any]:
    model = getattr(route, "response_model", None)
    response_class = getattr(route, "response_class", None)
    response_class = getattr(response_class, "value", response_class)
    original = getattr(route, "original_route", route)
    return {
        "is_fastapi": type(original).__module__.partition(".")[0] == "fastapi" or hasattr(original, "dependant"),
        "in_schema": bool(getattr(route, "include_in_schema", True)),
        "status_code": getattr(route, "status_code", None),
        "response_model": "" if model is None else dependencies.type_name(model),
        "response_class": getattr(response_class, "__name__", ""),
    }


def _override(key: Any, value: Any, met: list[Any]) -> dict[str, Any]:
    return {
        "of": callables.place_of(key),
        "by": callables.place_of(value),
        "is_callable": callable(value),
        "is_used": any(key is call or key == call for call in met),
    }


def _lifespan(router: Any) -> dict[str, Any]:
    own: list[Any] = []
    runs_events = _sort_out(router.lifespan_context, own)
    return {
        "functions": [callables.place_of(context) for context in own],
        "startup": [callables.place_of(item) for item in getattr(router, "on_startup", None) or ()],
        "shutdown": [callables.place_of(item) for item in getattr(router, "on_shutdown", None) or ()],
        "runs_events": runs_events,
    }


def _sort_out(context: Any, own: list[Any]) -> bool:
    """Add to `own` the lifespan functions of which `context` is made; return whether `on_event` handlers run.

    They run where the default lifespan is among them. Included routers are merged with it in a closure.
    """
    if type(context).__name__ == "_DefaultLifespan":
        return True
    if "_merge_lifespan_context" in getattr(context, "__qualname__", ""):
        parts = [cell.cell_contents for cell in callables.unwrapped(context).__closure__ or ()]
        runs = [_sort_out(part, own) for part in parts if callable(part)]
        return any(runs)
    own.append(context)
    return False
