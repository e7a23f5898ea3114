"""A decorator above the route's, wrapping a function that the route never calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax import Function, short

WRAPPERS = (
    "fastapi_cache.decorator.cache",
    "slowapi.Limiter().limit",
    "slowapi.Limiter().shared_limit",
    "slowapi.extension.Limiter().limit",
    "slowapi.extension.Limiter().shared_limit",
    "starlette.authentication.requires",
    "functools.lru_cache",
    "functools.cache",
    "cachetools.cached",
    "cachetools.func.ttl_cache",
    "aiocache.cached",
    "tenacity.retry",
    "backoff.on_exception",
)
BROKEN = {
    "main.py": """
import functools

from fastapi import FastAPI, Request
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
"""
}
FIXED = {
    "main.py": """
import functools

from fastapi import FastAPI, Request
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
    """Yield decorators known to wrap, and own ones seen to wrap, that stand above the lowest route's."""
    calls = {id(route.call) for route in project.routes}
    for function in dict.fromkeys(route.function for route in project.routes):
        decorators = function.node.decorator_list
        lowest = max(place for place, node in enumerate(decorators) if id(node) in calls)
        scope = Scope(function.module, function.outer)
        for node in decorators[:lowest]:
            if id(node) not in calls and _wraps(project, node, scope):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=node,
                    severity="error",
                    message=f"@{short(node)} stands above the route of {function.name}, which never calls its wrapper",
                    captured={"function": function.name, **project.path_of(function)},
                )


def _wraps(project: Project, node: ast.expr, scope: Scope) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    value = project.value(called, scope)
    if isinstance(value, Function):
        return _calls_a_parameter_of(value, set())
    return isinstance(value, str) and value in WRAPPERS


def _calls_a_parameter_of(function: Function, outer: set[str]) -> bool:
    """Return whether a function below `function` calls what an enclosing one was handed."""
    names = {call.func.id for call in function.body.calls if isinstance(call.func, ast.Name)}
    if names & outer:
        return True
    handed = outer | {param.name for param in function.params}
    return any(_calls_a_parameter_of(inner, handed) for inner in function.functions.values())
