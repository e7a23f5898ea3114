"""A lifespan that runs another one, whose state it does not yield on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function

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
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield lifespans that yield nothing and enter, without keeping its value, another one that yields a dictionary."""
    for function in project.called_as("lifespan"):
        if not function.body.yields or any(node.value is not None for node in function.body.yields):
            continue
        for entered in (item for node in function.body.withs for item in node.items):
            inner = _lifespan(project, entered, function)
            if inner is not None and entered.optional_vars is None:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=entered.context_expr,
                    severity="warning",
                    message=f"{function.name} does not yield the state of {inner.name} on",
                )


def _lifespan(project: Project, entered: ast.withitem, function: Function) -> Function | None:
    """Return the function of the project that is entered with the application, if it yields a dictionary."""
    call = entered.context_expr
    if not isinstance(call, ast.Call) or len(call.args) != 1 or not isinstance(call.args[0], ast.Name):
        return None
    inner = project.value(call.func, function)
    if not isinstance(inner, Function) or not function.params or call.args[0].id != function.params[0].name:
        return None
    return inner if any(isinstance(node.value, ast.Dict) for node in inner.body.yields) else None
