"""Routers as the user's modules hold them, which shows what is lost once they are included, or never were."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from . import callables

STANDARD_LIBRARY = str(Path(os.__file__).parent)


def plain_sockets() -> list[dict[str, Any]]:
    """Return the WebSocket routes of Starlette's kind to which their router's prefix or dependencies do not apply."""
    routing, plain = sys.modules.get("fastapi.routing"), sys.modules.get("starlette.routing")
    if routing is None or plain is None:
        return []
    routers = {id(value): value for _, _, value in _globals() if isinstance(value, routing.APIRouter)}
    return [
        {"path": route.path, **callables.place_of(route.endpoint)}
        for router in routers.values()
        for route in router.routes
        if isinstance(route, plain.WebSocketRoute) and not hasattr(route, "dependant")
        if router.dependencies or not route.path.startswith(router.prefix)
    ]


def find(served: set[int], flattened: Callable[[Any], Iterator[Any]]) -> list[dict[str, Any]]:
    """Return the routers in the user's modules of whose endpoints none is in `served` (ids) or in any application."""
    applications, routing = sys.modules.get("starlette.applications"), sys.modules.get("fastapi.routing")
    if applications is None or routing is None:
        return []
    served = set(served)
    routers: dict[int, tuple[str, str, set[int]]] = {}
    for module, name, value in _globals():
        if isinstance(value, applications.Starlette):
            served |= _endpoints(value, flattened)
        elif isinstance(value, routing.APIRouter):
            # Where it is imported from comes later in sys.modules than who imports it.
            routers[id(value)] = (f"{module.__name__}.{name}", module.__file__ or "", _endpoints(value, flattened))
    return [
        {"name": name, "file": file, "routes": len(endpoints)}
        for name, file, endpoints in routers.values()
        if endpoints and not endpoints & served
    ]


def _endpoints(owner: Any, flattened: Callable[[Any], Iterator[Any]]) -> set[int]:
    return {id(route.endpoint) for route in flattened(owner.routes) if getattr(route, "endpoint", None) is not None}


def _globals() -> Iterator[tuple[Any, str, Any]]:
    """Yield what stands in modules that are neither installed nor the standard library's."""
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if not file or "site-packages" in file or "dist-packages" in file or file.startswith(STANDARD_LIBRARY):
            continue
        for name, value in list(vars(module).items()):
            yield module, name, value
