"""A lifespan that does not come to its one yield."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from troubleshoot.code.inference.values import Bound
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, is_endless, keyword

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


async def consume():
    while True:
        print("working")


@asynccontextmanager
async def endless(app: FastAPI):
    await consume()
    yield


first = FastAPI(lifespan=no_yield)
second = FastAPI(lifespan=endless)
third = FastAPI(lifespan=two)
""",
}
FIXED = {
    "main.py": """
import asyncio
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


async def try_until_it_works():
    while True:
        if print("trying"):
            break


async def consume():
    while True:
        print("working")


@asynccontextmanager
async def waiting(app: FastAPI):
    await try_until_it_works()
    task = asyncio.create_task(consume())
    yield
    await consume()


app = FastAPI(lifespan=lifespan)
other = FastAPI(lifespan=either)
third = FastAPI(lifespan=undecorated)
fourth = FastAPI(lifespan=waiting)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield lifespan functions with no yield, with several in a row, or with work without an end before it."""
    for item in project.registrations("app"):
        value = project.value(keyword(item.call, "lifespan"), item.scope)
        if not isinstance(value, Function) or not value.node.decorator_list:
            continue
        straight = [node for node in value.body.yields if not _is_conditional(node)]
        if not value.is_generator and not value.body.returns:
            yield _sighting(value, "has no yield, so the application never starts")
        elif len(straight) > 1:
            yield _sighting(value, "yields more than once")
        elif straight:
            for node in value.body.awaits:
                if node.lineno < straight[0].lineno and (work := _endless(project, node.value, value)):
                    what = f"waits for {work.name}, which never ends, so the application never starts"
                    yield _sighting(value, what, {"endless": node})


def _is_conditional(node: ast.AST) -> bool:
    return any(isinstance(around, (ast.If, ast.ExceptHandler, ast.Match)) for around in ancestors(node))


def _endless(project: Project, node: ast.expr, where: Function) -> Function | None:
    """Return the function that a call runs, if nothing but an exception leaves its loop."""
    value = project.value(node.func, where) if isinstance(node, ast.Call) else None
    function = value.function if isinstance(value, Bound) else value
    if not isinstance(function, Function) or function.is_generator:
        return None
    for loop in function.node.body:
        if is_endless(loop):
            leaving = (ast.Break, ast.Return, ast.Raise)
            return None if any(isinstance(item, leaving) for item in ast.walk(loop)) else function
    return None


def _sighting(function: Function, what: str, nodes: Mapping[str, ast.AST] = MappingProxyType({})) -> Sighting:
    return Sighting(
        module=function.module,
        function=function,
        node=function.node,
        severity="error",
        message=f"the lifespan {function.name} {what}",
        nodes=nodes,
    )
