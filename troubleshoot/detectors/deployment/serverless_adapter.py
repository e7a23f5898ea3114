"""A Lambda function that relies on what only a server has: work after the response, a lifespan."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import argument
from troubleshoot.code.topics.tasks import added_tasks, started_tasks

WHOLE_PROJECT = True

BROKEN = {
    "main.py": """
import asyncio
from contextlib import asynccontextmanager

from fastapi import BackgroundTasks, FastAPI
from mangum import Mangum


@asynccontextmanager
async def lifespan(app):
    app.state.ready = True
    yield


app = FastAPI(lifespan=lifespan)


def send(address: str):
    print(address)


async def forward():
    print("forward")


@app.post("/mails")
def mail(address: str, tasks: BackgroundTasks):
    tasks.add_task(send, address)


@app.post("/forward")
async def start():
    task = asyncio.create_task(forward())
    return {"name": task.get_name()}


@app.post("/dropped")
async def drop():
    asyncio.create_task(forward())
    return {}


handler = Mangum(app, lifespan="off")
""",
}
FIXED = {
    "main.py": """
import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI
from mangum import Mangum


@asynccontextmanager
async def lifespan(app):
    yield


app = FastAPI(lifespan=lifespan)


async def fetch():
    return 1


@app.post("/both")
async def both():
    first, second = asyncio.create_task(fetch()), asyncio.create_task(fetch())
    return [await first, await second]


handler = Mangum(app)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what such a function waits for, drops or never runs."""
    adapters = [found for module in project.modules for found in _adapters(project, module)]
    if not adapters:
        return
    has_lifespan = any(True for _ in project.reached_as("lifespan"))
    for module, call in adapters:
        mode = argument(call, 1, "lifespan")
        if has_lifespan and isinstance(mode, ast.Constant) and mode.value == "off":
            message = "the application has start-up code, and with lifespan='off' it never runs"
            nodes = {"adapter": call}
            yield Sighting(module=module, function=None, node=call, severity="warning", message=message, nodes=nodes)
    requests = {item.function: None for item in project.reach if item.role not in ("lifespan", "background task")}
    for function in requests:
        for call, _ in added_tasks(project, function):
            message = "as a Lambda function, the client gets its response only when this task has ended"
            yield Sighting(module=function.module, function=function, node=call, severity="info", message=message)
        if not function.body.awaits:
            for call in started_tasks(project, function):
                message = "a Lambda function is frozen after the response, and this task with it"
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="warning",
                    message=message,
                    nodes={"started": call},
                )


def _adapters(project: Project, module: Module) -> Iterator[tuple[Module, ast.Call]]:
    if module.mentions(b"Mangum"):
        for call in module.body.calls:
            if project.path(call.func, Scope(module)) in ("mangum.Mangum", "mangum.adapter.Mangum"):
                yield module, call
