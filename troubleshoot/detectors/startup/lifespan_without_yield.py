"""A lifespan that does not yield exactly once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, keyword

BROKEN = {
    "main.py": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def no_yield(app: FastAPI):
    print("started")


async def undecorated(app: FastAPI):
    yield


@asynccontextmanager
async def two(app: FastAPI):
    yield
    print("between")
    yield


first = FastAPI(lifespan=no_yield)
third = FastAPI(lifespan=two)
""",
}
FIXED = {
    "main.py": """
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    try:
        yield {"started": True}
    finally:
        print("stopped")


@asynccontextmanager
async def either(app: FastAPI):
    if app.debug:
        yield
    else:
        yield {"started": True}


async def undecorated(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
other = FastAPI(lifespan=either)
third = FastAPI(lifespan=undecorated)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield lifespan functions with no yield, or with several in a row."""
    for item in project.registrations("app"):
        value = project.value(keyword(item.call, "lifespan"), item.scope)
        if not isinstance(value, Function) or not value.node.decorator_list:
            continue
        straight = [node for node in value.body.yields if not _is_conditional(node)]
        if not value.is_generator and not value.body.returns:
            yield _sighting(value, "has no yield, so the application never starts")
        elif len(straight) > 1:
            yield _sighting(value, "yields more than once")


def _is_conditional(node: ast.AST) -> bool:
    return any(isinstance(around, (ast.If, ast.ExceptHandler, ast.Match)) for around in ancestors(node))


def _sighting(function: Function, what: str) -> Sighting:
    return Sighting(
        module=function.module,
        function=function,
        node=function.node,
        severity="error",
        message=f"the lifespan {function.name} {what}",
    )
