"""A task of asyncio that nobody keeps, so that it may vanish and its exception with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import gives_way, parent
from troubleshoot.code.topics.tasks import coroutine_function, is_dropped, started_tasks

STARTS = ("create_task", "ensure_future")

BROKEN = {
    "main.py": """
import asyncio

from fastapi import FastAPI

import jobs

app = FastAPI()


async def deliver():
    await asyncio.sleep(1)


@app.post("/deliveries")
async def start():
    asyncio.create_task(deliver())


@app.post("/named")
async def start_named():
    task = asyncio.get_running_loop().create_task(deliver())
    return {"status": "accepted"}


@app.post("/jobs")
async def start_job():
    jobs.start()
""",
    "jobs.py": """
from asyncio import ensure_future


async def work():
    raise OSError


def start():
    ensure_future(work()).add_done_callback(print)
""",
    "bot.py": """
import asyncio
from contextvars import ContextVar

context = ContextVar("context")


async def answer():
    await asyncio.sleep(1)


async def on_message():
    asyncio.create_task(answer())


def on_edit(loop: asyncio.AbstractEventLoop):
    loop.create_task(answer())
""",
    "callbacks.py": """
from bot import answer, context


def on_reply():
    context.get().loop.create_task(answer())
""",
}
FIXED = {
    "main.py": """
import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI

running = set()


async def deliver():
    await asyncio.sleep(1)


@asynccontextmanager
async def lifespan(app):
    task = asyncio.create_task(deliver())
    yield
    task.cancel()


app = FastAPI(lifespan=lifespan)


@app.post("/deliveries")
async def start():
    task = asyncio.create_task(deliver())
    running.add(task)
    task.add_done_callback(running.discard)


@app.post("/stored")
async def store():
    app.state.task = asyncio.create_task(deliver())


@app.post("/returned")
async def both():
    async with asyncio.TaskGroup() as group:
        group.create_task(deliver())
    await asyncio.gather(asyncio.create_task(deliver()), deliver())
    running.add(asyncio.create_task(deliver()))
    set(running).add(asyncio.create_task(deliver()))


@app.post("/held")
async def hold():
    task = asyncio.create_task(deliver())
    await asyncio.sleep(5)
""",
    "bot.py": """
import asyncio
from contextvars import copy_context

running = set()


async def answer():
    await asyncio.sleep(1)


async def on_message():
    task = copy_context().run(asyncio.get_running_loop().create_task, answer())
    running.add(task)
    asyncio.ensure_future(task).add_done_callback(running.discard)


class Client:
    async def close(self):
        await answer()

    def __del__(self):
        asyncio.get_running_loop().create_task(self.close())
""",
    "tests/test_bot.py": """
import asyncio

import bot


async def test_answer():
    asyncio.create_task(bot.answer())
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls that start a task and throw away what they return."""
    for function in project.functions:
        # What is being deleted can keep nothing.
        for call in started_tasks(project, function) if function.name != "__del__" else ():
            if (is_dropped(call) and not _is_task_already(call, function)) or _is_forgotten(call, function):
                task = coroutine_function(project, call, Scope.of(function))
                # What never waits runs to its end in one go; only its exception may be lost.
                is_brief = task is not None and not gives_way(task.node.body)
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="info" if function.module.is_test or is_brief else "error",
                    message=f"nobody keeps the task that {function.qualname} starts"
                    + (f" to run {task.name}()" if task else ""),
                    captured={"function": task.name} if task else {},
                )


def _is_task_already(call: ast.Call, function: Function) -> bool:
    """Return whether a call is `ensure_future(task)`, which gives what has a name already."""
    given = call.args[0] if call.args else None
    made = function.body.assigned.get(given.id, []) if isinstance(given, ast.Name) else []
    return any(isinstance(item, ast.Attribute) and item.attr in STARTS for value in made for item in ast.walk(value))


def _is_forgotten(call: ast.Call, function: Function) -> bool:
    """Return whether the task has a name that is never used, in a function that is over at once."""
    around = parent(call)
    if not isinstance(around, ast.Assign) or len(around.targets) != 1 or not isinstance(around.targets[0], ast.Name):
        return False
    name = around.targets[0].id
    waits = any(item.lineno > call.lineno for item in (*function.body.awaits, *function.body.yields))
    if waits or name in function.body.globals or function.body.loops:
        return False
    return not any(
        isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Load)
        for item in ast.walk(function.node)
    )
