"""A decorator above the route's, wrapping a function that the route never calls; a cache above a limit."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import short
from troubleshoot.model import Severity

CACHES = ("fastapi_cache.decorator.cache", "aiocache.cached", "cachetools.cached")
WRAPPERS = (
    *CACHES,
    "slowapi.Limiter().limit",
    "slowapi.Limiter().shared_limit",
    "slowapi.extension.Limiter().limit",
    "slowapi.extension.Limiter().shared_limit",
    "starlette.authentication.requires",
    "functools.lru_cache",
    "functools.cache",
    "cachetools.func.ttl_cache",
    "tenacity.retry",
    "backoff.on_exception",
)
SYNC_ONLY = ("functools.lru_cache", "functools.cache", "cachetools.cached", "cachetools.func.ttl_cache")
"""What keeps a coroutine, which can be awaited once."""
BROKEN = {
    "main.py": """
import functools

from fastapi import FastAPI, Request
from fastapi_cache.decorator import cache
from slowapi import Limiter

app = FastAPI()
limiter = Limiter(key_func=str)


def timed(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    return wrapper


def role(name):
    def decorate(function):
        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            return await function(*args, **kwargs)

        return wrapper

    return decorate


@limiter.limit("5/minute")
@app.get("/limited")
async def limited(request: Request):
    return {}


@timed
@app.get("/timed")
async def timed_one():
    return {}


@role("admin")
@app.get("/secret")
async def secret():
    return {}


@app.get("/page")
@cache(expire=60)
@limiter.limit("5/minute")
async def page(request: Request):
    return {}
"""
}
FIXED = {
    "main.py": """
import functools

from fastapi import FastAPI, Request
from fastapi_cache.decorator import cache
from slowapi import Limiter

app = FastAPI()
limiter = Limiter(key_func=str)
TAGS = {}


def tagged(function):
    TAGS[function.__name__] = function
    return function


def version(number):
    def decorate(function):
        function.version = number
        return function

    return decorate


@app.get("/limited")
@limiter.limit("5/minute")
@cache(expire=60)
async def limited(request: Request):
    return {}


@tagged
@version(2)
@app.get("/old")
@app.get("/new")
async def both():
    return {}
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what wraps above the lowest decorator of a route, and caches that answer before a limit is asked."""
    calls = {id(route.call) for route in project.routes}
    for function in dict.fromkeys(route.function for route in project.routes):
        decorators = function.node.decorator_list
        lowest = max((place for place, node in enumerate(decorators) if id(node) in calls), default=0)
        scope = Scope(function.module, function.outer)
        above = [node for node in decorators[:lowest] if id(node) not in calls and _wraps(project, node, scope)]
        for node in above:
            message = f"@{short(node)} stands above the route of {function.name}, which never calls its wrapper"
            fits = all(_fits(project, item, scope, function) for item in above)
            nodes = {"route": decorators[lowest], "first": above[0]} if fits else {}
            yield _sighting(project, function, node, "error", message, nodes)
        below = decorators[lowest + 1 :]
        limits = [place for place, node in enumerate(below) if _limits(node)]
        for node in below[: limits[-1] if limits else 0]:
            if project.path(_called(node), scope) in CACHES:
                message = f"@{short(node)} answers before the limit below it is asked"
                yield _sighting(project, function, node, "warning", message, {"limit": below[limits[-1]]})


def _sighting(
    project: Project,
    function: Function,
    node: ast.expr,
    severity: Severity,
    message: str,
    nodes: Mapping[str, ast.AST],
) -> Sighting:
    return Sighting(
        module=function.module,
        function=function,
        node=node,
        severity=severity,
        message=message,
        captured={"function": function.name, **project.path_of(function)},
        nodes=nodes,
    )


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _limits(node: ast.expr) -> bool:
    """Return whether a decorator is, by its names, a limit of slowapi; the limiter often comes from elsewhere."""
    called = _called(node)
    return (
        isinstance(called, ast.Attribute)
        and called.attr in ("limit", "shared_limit")
        and "limiter" in ast.unparse(called.value).lower()
    )


def _wraps(project: Project, node: ast.expr, scope: Scope) -> bool:
    value = project.value(_called(node), scope)
    if isinstance(value, Function):
        return _calls_a_parameter_of(value, set())
    return isinstance(value, str) and value in WRAPPERS


def _fits(project: Project, node: ast.expr, scope: Scope, function: Function) -> bool:
    """Return whether FastAPI could call what a decorator makes of `function` as it calls `function` itself."""
    value = project.value(_called(node), scope)
    if isinstance(value, Function):
        wrappers = [item for item in _inside(value) if any("wraps" in ast.unparse(x) for x in item.node.decorator_list)]
        return bool(wrappers) and all(item.is_async == function.is_async for item in wrappers)
    return not (function.is_async and isinstance(value, str) and value in SYNC_ONLY)


def _inside(function: Function) -> Iterator[Function]:
    for inner in function.functions.values():
        yield inner
        yield from _inside(inner)


def _calls_a_parameter_of(function: Function, outer: set[str]) -> bool:
    """Return whether a function below `function` calls what an enclosing one was handed."""
    names = {call.func.id for call in function.body.calls if isinstance(call.func, ast.Name)}
    if names & outer:
        return True
    handed = outer | {param.name for param in function.params}
    return any(_calls_a_parameter_of(inner, handed) for inner in function.functions.values())
