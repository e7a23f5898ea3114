"""Tasks that are added to a list which no response has, or where there is no response."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import keyword, parent

BROKEN = {
    "main.py": """
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.background import BackgroundTask

app = FastAPI()


def audited(tasks: BackgroundTasks):
    tasks.add_task(print, "audit")


@app.post("/reports")
async def create_report(_: Annotated[None, Depends(audited)]):
    return PlainTextResponse("done", background=BackgroundTask(print, "clean-up"))


@app.post("/orders")
async def create_order(tasks: BackgroundTasks):
    tasks.add_task(print, "order")
    response = JSONResponse({}, background=BackgroundTask(print, "clean-up"))
    return response


@app.post("/mails")
async def send_mail():
    tasks = BackgroundTasks()
    tasks.add_task(print, "mail")
    return {"status": "sent"}


@app.websocket("/feed")
async def feed(websocket: WebSocket, tasks: BackgroundTasks):
    await websocket.accept()
    tasks.add_task(print, "feed")
"""
}
FIXED = {
    "main.py": """
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.background import BackgroundTask

app = FastAPI()


def audited(tasks: BackgroundTasks):
    tasks.add_task(print, "audit")


@app.post("/reports")
async def create_report(tasks: BackgroundTasks, _: Annotated[None, Depends(audited)]):
    tasks.add_task(print, "clean-up")
    return PlainTextResponse("done")


@app.post("/orders")
async def create_order(tasks: BackgroundTasks):
    tasks.add_task(print, "order")
    return JSONResponse({}, background=tasks)


@app.post("/mails")
async def send_mail():
    tasks = BackgroundTasks()
    tasks.add_task(print, "mail")
    return JSONResponse({}, background=tasks)


@app.post("/files")
async def send_file():
    tasks = BackgroundTasks()
    add(tasks)
    response = JSONResponse({})
    response.background = tasks
    return response


def add(tasks: BackgroundTasks):
    tasks.add_task(print, "file")


@app.post("/run")
async def run_here():
    tasks = BackgroundTasks()
    tasks.add_task(print, "now")
    await tasks()
    return PlainTextResponse("done", background=BackgroundTask(print, "clean-up"))
"""
}
TASKS = "fastapi.BackgroundTasks()"
OWN = (TASKS, "starlette.background.BackgroundTask()")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield responses with tasks of their own where others were added, and lists that nobody is given."""
    for function in project.called_as("path operation"):
        added = _adds(project, function)
        for call in function.body.calls if added else ():
            background = keyword(call, "background")
            if background is not None and _is_other(project, background, function):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="error",
                    message=f"this response has a background of its own, so the tasks that {added} adds are dropped",
                    captured=project.path_of(function),
                )
    for function in project.called_as("websocket endpoint"):
        if added := _adds(project, function):
            yield Sighting(
                module=function.module,
                function=function,
                node=function.node,
                severity="error",
                message=f"a WebSocket has no response, so nobody runs the tasks that {added} adds",
                captured=project.path_of(function),
            )
    for function in project.functions:
        if function.module.mentions(b"BackgroundTasks()"):
            yield from _forgotten(project, function)


def _adds(project: Project, function: Function, depth: int = 0) -> str:
    """Return which function adds tasks to the injected list: the endpoint or a dependency of it."""
    names = {param.name for param in function.params if _is_injected(project, function, param.name)}
    for call in function.body.calls if names else ():
        adds = isinstance(call.func, ast.Attribute) and call.func.attr == "add_task"
        if adds and getattr(getattr(call.func, "value", None), "id", "") in names:
            return function.name
    for use in project.dependencies_of(function) if depth < 5 else ():
        below = _adds(project, use.value, depth + 1) if isinstance(use.value, Function) else ""
        if below:
            return below
    return ""


def _is_injected(project: Project, function: Function, name: str) -> bool:
    param = next(item for item in function.params if item.name == name)
    return project.inference.parameter(param, function) == TASKS


def _is_other(project: Project, background: ast.expr, function: Function) -> bool:
    """Return whether a response is given other tasks than the injected ones."""
    if isinstance(background, ast.Name) and any(param.name == background.id for param in function.params):
        return False
    return project.path(background, function) in OWN


def _forgotten(project: Project, function: Function) -> Iterator[Sighting]:
    """Yield a list made by hand that is only added to."""
    for name, values in function.body.assigned.items():
        made = values[0]
        if len(values) > 1 or not isinstance(made, ast.Call) or project.path(made, function) != TASKS or made.args:
            continue
        added = {
            id(item.value)
            for item in function.body.attributes
            if item.attr == "add_task" and isinstance(parent(item), ast.Call)
        }
        uses = [
            item
            for item in ast.walk(function.node)
            if isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Load)
        ]
        if added and uses and all(id(item) in added for item in uses):
            yield Sighting(
                module=function.module,
                function=function,
                node=made,
                severity="error",
                message=f"{function.name} adds tasks to {name}, and gives it to no response",
                captured=project.path_of(function),
            )
