"""A lifespan that runs another one, whose state it does not yield on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_name, short

BROKEN = {
    "main.py": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def database(app: FastAPI):
    yield {"pool": object()}


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with database(app):
        yield


app = FastAPI(lifespan=lifespan)


def add_lifespan(app: FastAPI, added):
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def both(app):
        async with inner(app), added(app):
            yield

    app.router.lifespan_context = both
""",
}
FIXED = {
    "main.py": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def database(app: FastAPI):
    yield {"pool": object()}


@asynccontextmanager
async def cache(app: FastAPI):
    app.state.cache = {}
    yield


@asynccontextmanager
async def connection(url: str):
    yield object()


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with cache(app), database(app) as state, connection("redis://localhost"):
        yield {**state}


@asynccontextmanager
async def other(app: FastAPI):
    async with cache(app), connection("redis://localhost"):
        yield


app = FastAPI(lifespan=lifespan)
second = FastAPI(lifespan=other)


def add_lifespan(app: FastAPI, added):
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def both(app):
        async with inner(app) as state, added(app) as more:
            yield {**(state or {}), **(more or {})}

    app.router.lifespan_context = both
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield lifespans that yield nothing and enter, without keeping its value, another one that may yield something."""
    own = list(project.called_as("lifespan"))
    for function in dict.fromkeys([*own, *filter(_replaces, project.functions)]):
        if not function.body.yields or any(node.value is not None for node in function.body.yields):
            continue
        dropped: dict[str, ast.Call] = {}
        for node, inner in _entered(project, function):
            if inner is not None or function not in own:
                dropped[f"{'known' if inner is not None else 'unknown'} {len(dropped)}"] = node
        for node in dropped.values():
            yield Sighting(
                module=function.module,
                function=function,
                node=node,
                severity="warning",
                message=f"{function.name} does not yield the state of {short(node.func)} on",
                nodes=dropped,
            )


def _replaces(function: Function) -> bool:
    """Return whether a function becomes the lifespan of an application that has one, as `.lifespan_context`."""
    outer = function.outer
    return outer is not None and any(
        target.attr == "lifespan_context" and is_name(value, function.name)
        for target, value in outer.body.stored_attributes
    )


def _entered(project: Project, function: Function) -> Iterator[tuple[ast.Call, Function | None]]:
    """Yield what is entered with the application and not kept, with the function if that yields a dictionary.

    Functions of the project that yield something else are left out.
    """
    me = function.params[0].name if function.params else None
    for item in (item for node in function.body.withs for item in node.items):
        call = item.context_expr
        if item.optional_vars is not None or not isinstance(call, ast.Call):
            continue
        if len(call.args) != 1 or not is_name(call.args[0], me):
            continue
        inner = project.value(call.func, function)
        if not isinstance(inner, Function):
            yield call, None
        elif any(isinstance(node.value, ast.Dict) for node in inner.body.yields):
            yield call, inner
