"""A task that is added right before an exception, which takes the response and its tasks away."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, statement_of
from troubleshoot.code.topics.exceptions import http_catcher

BROKEN = {
    "main.py": """
from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException

app = FastAPI()


def authenticate(background_tasks: BackgroundTasks, token: str = ""):
    if token != "secret":
        background_tasks.add_task(print, "refused")
        print("refused")
        raise HTTPException(401)


@app.get("/items/{item_id}", dependencies=[Depends(authenticate)])
async def read_item(item_id: int, tasks: BackgroundTasks):
    try:
        return 1 / item_id
    except ZeroDivisionError as error:
        tasks.add_task(print, "failed")
        raise HTTPException(400) from error
"""
}
FIXED = {
    "main.py": """
from fastapi import BackgroundTasks, FastAPI, HTTPException
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


@app.get("/items/{item_id}")
async def read_item(item_id: int, tasks: BackgroundTasks):
    tasks.add_task(print, "read")
    if item_id > 9:
        raise HTTPException(404)
    return item_id


@app.get("/answers/{item_id}")
async def answer(item_id: int, tasks: BackgroundTasks):
    if item_id > 9:
        return JSONResponse({}, status_code=404, background=BackgroundTask(print, "missing"))
    try:
        tasks.add_task(print, "tried")
        raise HTTPException(400)
    except HTTPException:
        return {}
"""
}
TASKS = "fastapi.BackgroundTasks()"


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the tasks that are added in a block which then raises."""
    for function in project.functions:
        if function.module.mentions(b"add_task") and function.module.mentions(b"raise"):
            for call in function.body.calls:
                if isinstance(call.func, ast.Attribute) and call.func.attr == "add_task":
                    raised = _raised_after(call, function)
                    if raised is None or http_catcher(project, function, raised) is not None:
                        continue
                    if project.path(call.func.value, function) == TASKS:
                        yield Sighting(
                            module=function.module,
                            function=function,
                            node=call,
                            severity="error",
                            message=f"{function.name} raises right after it has added this task, and so drops it",
                            captured=project.path_of(function),
                            nodes={"raised": raised},
                        )


def _raised_after(call: ast.Call, function: Function) -> ast.Raise | None:
    """Return the `raise` that follows in the same block, with only plain statements in between."""
    statement = statement_of(call)
    around = next(ancestors(statement), function.node) if statement is not None else None
    for name in ("body", "orelse", "finalbody"):
        block = getattr(around, name, None)
        if isinstance(block, list) and statement in block:
            for item in block[block.index(statement) + 1 :]:
                if isinstance(item, ast.Raise):
                    return item
                if not isinstance(item, (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign)):
                    return None
    return None
