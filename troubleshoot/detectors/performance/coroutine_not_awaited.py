"""A coroutine that is made and never awaited."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import islice

from troubleshoot.code.inference.values import Bound
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import ancestors, parent, short
from troubleshoot.code.topics.callables import is_one_thing
from troubleshoot.code.topics.coroutines import is_replaced, made_by, use_of

LIBRARY = re.compile(
    r"asyncio\.(?:sleep|gather|wait_for)"
    r"|fastapi\.(?:UploadFile\(\)\.(?:read|write|seek|close)|Request\(\)\.(?:json|body|form))"
    r"|(?:httpx2?)\.AsyncClient\(\)\.(?:get|post|put|patch|delete|request|aclose)"
    r"|redis\.asyncio\.(?:Redis|from_url)\(\)\.(?!_|pipeline|pubsub|lock|monitor|client|register_|load_|from_|json|ft|ts|bf|cf)"
    r"(?!\w+_iter|get_(?:encoder|connection_kwargs|retry)|set_re)\w+"
    r"|sqlalchemy\.ext\.asyncio\.AsyncSession\(\)\.(?:execute|scalars?|get|get_one|commit|rollback|refresh|flush|exec)"
    r"|fastapi\.WebSocket\(\)\.(?:accept|close|receive\w*|send\w*)"
    r"|(?:motor\.motor_asyncio\.AsyncIOMotor(?:Client|Database|Collection)|pymongo\.AsyncMongoClient)\(\).*"
    r"\.(?:find_one(?:_and_\w+)?|(?:insert|update|delete|replace)_(?:one|many)|bulk_write|count_documents|create_index)"
    r"|beanie\.Document\(\)\.(?:insert(?:_one|_many)?|create|save(?:_changes)?|replace|delete|fetch_\w+|sync)"
    r"|tortoise\.models\.Model\(\)\.(?:save|delete|create|get_or_create|update_or_create|fetch_related)"
)
FORM = "fastapi.Request().form"
"""A coroutine that `async with` takes, too."""

USED = {
    "forgotten": "",
    "condition": ", and the condition always holds, because a coroutine is true",
    "value": ", and a coroutine is taken for its result",
}

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
from redis.asyncio import Redis

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


async def both(item: int):
    return save(item) if item else await save(1)


@app.post("/sync")
def in_thread(item: int):
    return asyncio.run(save(item))


class Store(Redis):
    def __init__(self):
        super().__init__(host="localhost")
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls whose coroutine nobody awaits."""
    answering = set(project.called_as("path operation"))
    # A dependency's coroutine may be awaited by who depends on it; of a plain function nobody expects one.
    answering |= {function for function in project.called_as("dependency") if not function.is_async}
    places: list[tuple[Module, Function | None, str]] = [
        *((function.module, function, function.qualname) for function in project.functions),
        *((module, None, module.path) for module in project.modules),
    ]
    for module, function, around in places:
        where = function or module
        for call in where.body.calls:
            name = _coroutine(project, call, where)
            use = use_of(project, call, where, answering) if name else ""
            if use:
                yield Sighting(
                    module=module,
                    function=function,
                    node=call,
                    severity="error",
                    message=f"{name}() is called without await in {around}, so it never runs{USED[use]}",
                    captured={"coroutine": name.rpartition(".")[2]},
                )


def _coroutine(project: Project, call: ast.Call, where: Function | Module) -> str:
    """Return the name of the coroutine function that is called, or the empty string."""
    if isinstance(parent(call), ast.Await):
        return ""
    value = project.value(call.func, where)
    if isinstance(value, str):
        if value == FORM and any(isinstance(around, ast.AsyncWith) for around in islice(ancestors(call), 2)):
            return ""
        return short(call.func) if LIBRARY.fullmatch(value) else ""
    if made_by(value) is None or not is_one_thing(project, call.func, where):
        return ""
    return "" if isinstance(value, Bound) and is_replaced(project, value) else short(call.func)
