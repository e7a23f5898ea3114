"""A scheduler or an endless loop that every worker process starts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.reach import function_of
from troubleshoot.code.inference.values import Scope, Value
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import keyword
from troubleshoot.code.topics.tasks import coroutine_of, started_tasks

BROKEN = {
    "main.py": """
import asyncio
import threading
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI
from fastapi_utils.tasks import repeat_every

from jobs import clean_up, clean_up_forever, watch

scheduler = AsyncIOScheduler()


@asynccontextmanager
async def lifespan(app):
    scheduler.add_job(clean_up, "interval", seconds=60)
    scheduler.start()
    task = asyncio.create_task(clean_up_forever())
    threading.Thread(target=watch, daemon=True).start()
    yield
    task.cancel()


app = FastAPI(lifespan=lifespan)


@app.on_event("startup")
@repeat_every(seconds=60)
async def report():
    await clean_up()
""",
    "jobs.py": """
import asyncio
import time


async def clean_up():
    print("clean")


async def clean_up_forever():
    while True:
        await clean_up()
        await asyncio.sleep(60)


def watch():
    while True:
        time.sleep(60)
        print("watching")
""",
}
FIXED = {
    "main.py": """
import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI

from jobs import clean_up_once, forward, warm_up


@asynccontextmanager
async def lifespan(app):
    await warm_up()
    tasks = [asyncio.create_task(clean_up_once()), asyncio.create_task(forward())]
    yield
    for task in tasks:
        task.cancel()


app = FastAPI(lifespan=lifespan)
""",
    "jobs.py": """
import asyncio

queue = asyncio.Queue()


async def warm_up():
    print("warm")


async def forward():
    while True:
        print(await queue.get())


async def clean_up_once(redis=None):
    while True:
        await asyncio.sleep(60)
        if await redis.set("clean-up", "1", nx=True, ex=60):
            print("clean")
""",
}
SCHEDULER = re.compile(r"apscheduler\..*Scheduler\(\)\.start")
SHARED = re.compile(r"(?i)lock|leader|nx=True|claim|single_?ton")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what an application starts for itself, and so once in every worker."""
    for reached in project.reached_as("lifespan"):
        function = reached.function
        for call in function.body.calls:
            if SCHEDULER.fullmatch(project.path(call.func, function)):
                yield from _sighting(function, call, "a scheduler", None)
        for node, value in _started(project, function):
            job = function_of(value, project.inference)
            if job is not None and _is_periodic(project, job):
                yield from _sighting(function, node, f"the loop {job.qualname}", job)
    for function in project.called_as("lifespan"):
        for decorator in function.node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if project.path(called, Scope(function.module, function.outer)).endswith(".repeat_every"):
                yield from _sighting(function, decorator, function.name, function)


def _started(project: Project, function: Function) -> Iterator[tuple[ast.Call, Value | None]]:
    """Yield the tasks and threads that a function starts, with what they run."""
    for call in started_tasks(project, function):
        made = coroutine_of(call)
        if made is not None:
            yield call, project.value(made.func, function)
    for call in function.body.calls:
        if project.path(call.func, function) == "threading.Thread":
            yield call, project.value(keyword(call, "target"), function)


def _is_periodic(project: Project, job: Function) -> bool:
    """Return whether a function goes on for ever and sleeps in between."""
    sleeps = any(project.path(call.func, job).endswith(".sleep") for call in job.body.calls)
    return sleeps and any(
        isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) for loop in job.body.loops
    )


def _sighting(function: Function, node: ast.expr, what: str, job: Function | None) -> Iterator[Sighting]:
    """Yield a finding, unless the job or who starts it asks for a lock that the workers share."""
    texts = [ast.unparse(item.node) for item in (function, job) if item is not None]
    if not any(SHARED.search(text) for text in texts):
        yield Sighting(
            module=function.module,
            function=function,
            node=node,
            severity="info",
            message=f"every worker process starts {what}; with several workers it runs several times",
            captured={"function": job.name} if job is not None else {},
        )
