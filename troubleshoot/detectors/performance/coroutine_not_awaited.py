"""A coroutine that is made and never awaited."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.inference.values import Bound, Instance
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import COMPREHENSIONS, parent, short
from troubleshoot.code.topics.callables import is_one_thing

LIBRARY = re.compile(
    r"asyncio\.(?:sleep|gather|wait_for)"
    r"|fastapi\.(?:UploadFile\(\)\.(?:read|write|seek|close)|Request\(\)\.(?:json|body|form))"
    r"|(?:httpx2?)\.AsyncClient\(\)\.(?:get|post|put|patch|delete|request|aclose)"
    r"|redis\.asyncio\.(?:Redis|from_url)\(\)\.(?!pipeline|pubsub)\w+"
    r"|motor\.motor_asyncio\.AsyncIOMotorClient\(\).*\.(?:find_one|insert_one|insert_many|update_one|delete_one)"
)

BROKEN = {
    "main.py": """
import asyncio

from fastapi import FastAPI

from manager import manager

app = FastAPI()


async def save(item: int):
    return item


@app.post("/items")
async def create(item: int):
    save(item)
    asyncio.sleep(1)
    return item


@app.post("/many")
async def create_many(items: list[int]):
    [save(item) for item in items]
    return len(items)


@app.post("/sync")
def create_in_thread(item: int):
    return save(item)


@app.post("/used")
async def use(item: int):
    saved = save(item)
    return saved.name


@app.post("/leave")
async def leave(name: str):
    manager.leave(name)
""",
    "manager.py": """
class Manager:
    async def leave(self, name: str):
        print(name)


manager = Manager()
""",
}
FIXED = {
    "main.py": """
import asyncio

from fastapi import FastAPI

app = FastAPI()


async def save(item: int):
    return item


async def numbers():
    yield 1


@app.post("/items")
async def create(item: int):
    await save(item)
    task = asyncio.create_task(save(item))
    later = save(item)
    await asyncio.gather(*[save(number) for number in range(3)], later)
    pending = [save(number) for number in range(3)]
    for one in pending:
        await one
    numbers()
    return await task


@app.post("/passed")
async def passed(item: int):
    return save(item) if item else await save(1)


@app.post("/sync")
def in_thread(item: int):
    return asyncio.run(save(item))
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls whose coroutine nobody awaits."""
    endpoints = set(project.called_as("path operation", "dependency"))
    for function in project.functions:
        for call in function.body.calls:
            if _is_dropped(call, function, endpoints) and (name := _coroutine(project, call, function)):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="error",
                    message=f"{name}() is called without await in {function.qualname}, so it never runs",
                    captured={"coroutine": name.rpartition(".")[2]},
                )


def _coroutine(project: Project, call: ast.Call, function: Function) -> str:
    """Return the name of the coroutine function that is called, or the empty string."""
    value = project.value(call.func, function)
    if isinstance(value, str):
        return short(call.func) if LIBRARY.fullmatch(value) else ""
    called = value.function if isinstance(value, Bound) else value
    if isinstance(value, Instance) or not isinstance(called, Function):
        return ""
    plain = called.is_async and not called.is_generator and not _is_wrapped(called)
    return short(call.func) if plain and is_one_thing(project, call.func, function) else ""


def _is_wrapped(function: Function) -> bool:
    """Return whether a decorator may have made something else of it."""
    names = {ast.unparse(item).partition("(")[0].rpartition(".")[2] for item in function.node.decorator_list}
    return not names <= {"staticmethod", "classmethod", "override", "abstractmethod"} and not any(
        name in ("get", "post", "put", "patch", "delete", "websocket") for name in names
    )


def _is_dropped(call: ast.Call, function: Function, endpoints: set[Function]) -> bool:
    """Return whether nothing is done with what a call gives but to forget it or to take it for the result."""
    around = parent(call)
    if around is None or isinstance(around, ast.Expr):
        return True
    if isinstance(around, COMPREHENSIONS) and not isinstance(around, ast.GeneratorExp):
        return isinstance(parent(around), ast.Expr)
    if isinstance(around, ast.Return):
        return not function.is_async and function in endpoints
    if isinstance(around, ast.Assign) and isinstance(around.targets[0], ast.Name) and function.is_async:
        return _is_taken_for_result(around.targets[0].id, function)
    return False


def _is_taken_for_result(name: str, function: Function) -> bool:
    """Return whether the only use of a coroutine is to read attributes of it."""
    if len(function.body.assigned[name]) > 1 or name in function.body.globals:
        return False
    uses = [
        item
        for statement in function.node.body
        for item in ast.walk(statement)
        if isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Load)
    ]
    return bool(uses) and all(isinstance(parent(use), (ast.Attribute, ast.Subscript)) for use in uses)
