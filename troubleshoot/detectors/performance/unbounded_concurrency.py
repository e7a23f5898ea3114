"""As many calls at once as a list has elements."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import COMPREHENSIONS
from troubleshoot.code.topics.elements import are_many
from troubleshoot.code.topics.reads import Read

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

LIMITS = (b"Semaphore", b"CapacityLimiter", b"batched", b"Limits(", b"limiter")

BROKEN = {
    "main.py": """
import asyncio

import httpx
from fastapi import FastAPI

app = FastAPI()


async def fetch(client: httpx.AsyncClient, url: str):
    return (await client.get(url)).status_code


@app.post("/all")
async def fetch_all(urls: list[str]):
    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*[fetch(client, url) for url in urls])


@app.post("/more")
async def fetch_more(urls: list[str]):
    async with httpx.AsyncClient() as client:
        calls = [fetch(client, url) for url in urls]
        return await asyncio.gather(*calls)
"""
}
FIXED = {
    "main.py": """
import asyncio

import httpx
from fastapi import FastAPI

app = FastAPI()
limit = asyncio.Semaphore(10)


async def fetch(client: httpx.AsyncClient, url: str):
    async with limit:
        return (await client.get(url)).status_code


@app.post("/all")
async def fetch_all(urls: list[str]):
    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*[fetch(client, url) for url in urls])


@app.get("/two")
async def two():
    return await asyncio.gather(asyncio.sleep(0), asyncio.sleep(0))
""",
    "few.py": """
import asyncio

from fastapi import APIRouter

router = APIRouter()


@router.get("/few")
async def few():
    return await asyncio.gather(*[asyncio.sleep(0) for _ in range(3)])
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield `gather(*…)` over a list that nothing limits."""
    known: dict[Function, Read | None] = {}
    for reached in project.reach.on_loop():
        function = reached.function
        # How many there are at a time of what the application does by itself is its own affair.
        is_own = reached.role == "background job"
        if is_own or not function.module.mentions(b"gather(") or any(function.module.mentions(word) for word in LIMITS):
            continue
        for call in function.body.calls:
            starred = [item.value for item in call.args if isinstance(item, ast.Starred)]
            if not starred or project.path(call.func, function) != "asyncio.gather":
                continue
            elements = _elements(starred[0], function)
            if elements is not None:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="info",
                    minor=not _is_chosen(project, elements.generators[0].iter, reached, known),
                    message=f"{function.qualname} starts as many calls at once as the list has elements",
                    nodes={"elements": elements},
                )


def _is_chosen(project: Project, over: ast.expr, reached: Reached, known: dict[Function, Read | None]) -> bool:
    """Return whether the client, or the number of rows, decides how many calls there are."""
    is_inside = isinstance(over, ast.Attribute) and reached.caller is not None
    return not is_inside and are_many(project, over, reached, known)


def _elements(node: ast.expr, function: Function) -> Comprehension | None:
    """Return the comprehension that makes a list of any length; None if the length is known."""
    if isinstance(node, ast.Name):
        values = function.body.assigned.get(node.id, [])
        found = (_elements(value, function) for value in values if isinstance(value, COMPREHENSIONS))
        return next((item for item in found if item is not None), None)
    if isinstance(node, COMPREHENSIONS):
        over = node.generators[0].iter
        fixed = isinstance(over, (ast.Tuple, ast.List)) or (
            isinstance(over, ast.Call) and getattr(over.func, "id", "") == "range"
        )
        return None if fixed or (isinstance(over, ast.Name) and over.id.isupper()) else node
    return None
