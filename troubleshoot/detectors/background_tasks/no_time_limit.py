"""A background task that waits for something which may never come."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import ancestors, keyword, short

BROKEN = {
    "main.py": """
import asyncio

import httpx
from fastapi import BackgroundTasks, FastAPI

from jobs import fetch

app = FastAPI()


async def wait():
    await asyncio.Event().wait()


async def load():
    async with httpx.AsyncClient(timeout=None) as client:
        await client.get("https://example.org")


@app.post("/imports")
async def start(tasks: BackgroundTasks):
    tasks.add_task(wait)
    tasks.add_task(load)
    tasks.add_task(fetch)
""",
    "jobs.py": """
import requests


def fetch():
    return requests.get("https://example.org").json()
""",
}
FIXED = {
    "main.py": """
import asyncio

import anyio
import httpx
from fastapi import BackgroundTasks, FastAPI

from jobs import fetch

app = FastAPI()


async def wait():
    with anyio.move_on_after(60):
        await asyncio.Event().wait()
    await asyncio.wait_for(asyncio.Event().wait(), timeout=5)


async def load():
    async with httpx.AsyncClient() as client:
        await client.get("https://example.org")


@app.post("/imports")
async def start(tasks: BackgroundTasks):
    tasks.add_task(wait)
    tasks.add_task(load)
    tasks.add_task(fetch)


@app.get("/now")
async def now():
    return fetch()
""",
    "jobs.py": """
import requests


def fetch():
    return requests.get("https://example.org", timeout=10).json()
""",
}
ENDLESS = re.compile(
    r"requests(\.Session\(\))?\.(get|post|put|patch|delete|head|request)"
    r"|asyncio\.(Event\(\)\.wait|Queue\(\)\.get|Condition\(\)\.wait)|threading\.Event\(\)\.wait|queue\.Queue\(\)\.get"
)
CLIENT = re.compile(r"(httpx|aiohttp)\..*")
LIMITS = ("asyncio.timeout", "asyncio.wait_for", "anyio.move_on_after", "anyio.fail_after", "async_timeout.timeout")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls in background tasks that wait without a limit."""
    for reached in project.reached_as("background task"):
        function = reached.function
        for call in function.body.calls:
            path = project.path(call.func, function)
            timeout = keyword(call, "timeout")
            unlimited = isinstance(timeout, ast.Constant) and timeout.value is None
            waits = (ENDLESS.fullmatch(path) and timeout is None) or (CLIENT.fullmatch(path) and unlimited)
            if waits and not _is_limited(project, call, reached):
                task = _task(reached)
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="info",
                    message=f"the task {task} may wait for ever for {short(call.func)}()",
                    captured={"function": task},
                )


def _task(reached: Reached) -> str:
    """Return the name of the function that was handed over as the task."""
    while reached.caller is not None and reached.caller.role == reached.role:
        reached = reached.caller
    return reached.function.name


def _is_limited(project: Project, call: ast.Call, reached: Reached | None) -> bool:
    """Return whether a time limit stands around a call, or around one that leads to it."""
    node: ast.AST | None = call
    while reached is not None and node is not None:
        for around in ancestors(node):
            entered = (
                [item.context_expr for item in around.items] if isinstance(around, (ast.With, ast.AsyncWith)) else []
            )
            calls = [item for item in (*entered, around) if isinstance(item, ast.Call)]
            if any(project.path(item.func, reached.function) in LIMITS for item in calls):
                return True
        node, reached = reached.call, reached.caller
    return False
