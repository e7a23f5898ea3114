"""A parameter for background tasks that is not annotated with `BackgroundTasks`, so that FastAPI does not fill it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.libraries import DEPENDS
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Param
from troubleshoot.code.topics.parameters import annotated, read_by_fastapi

BROKEN = {
    "main.py": """
from typing import Optional

from fastapi import BackgroundTasks, Depends, FastAPI
from starlette.background import BackgroundTask

app = FastAPI()


@app.post("/bare")
def bare(background_tasks):
    background_tasks.add_task(print, "bare")


@app.post("/default")
def default(tasks=BackgroundTasks()):
    tasks.add_task(print, "default")


@app.post("/optional")
def optional(tasks: Optional[BackgroundTasks] = None, more: BackgroundTasks | None = None):
    tasks.add_task(print, "optional")


@app.post("/depends")
def depends(tasks: BackgroundTasks = Depends(), more=Depends(BackgroundTasks)):
    tasks.add_task(print, "depends")


@app.post("/one")
def one(task: BackgroundTask):
    print(task)
"""
}
FIXED = {
    "main.py": """
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from starlette.background import BackgroundTasks as Tasks

app = FastAPI()


class Scheduler:
    def add_task(self, function):
        print(function)


def get_scheduler():
    return Scheduler()


def helper(tasks=None, background_tasks=BackgroundTasks()):
    tasks.add_task(print, "helper")


@app.post("/right")
def right(background_tasks: BackgroundTasks, tasks: Tasks = None, more: BackgroundTasks = BackgroundTasks()):
    tasks.add_task(print, "right")
    helper(background_tasks)


@app.post("/own")
def own(scheduler: Annotated[Scheduler, Depends(get_scheduler)], tasks=Depends(get_scheduler)):
    tasks.add_task(print)


@app.post("/names")
def names(tasks: list[str], background_tasks: bool = False):
    return tasks
"""
}
TASKS = "fastapi.BackgroundTasks"
ONE = "starlette.background.BackgroundTask"
NAMES = ("background_tasks", "bg_tasks", "background")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the parameters that FastAPI takes for data of the request, or refuses."""
    for function in read_by_fastapi(project, "path operation", "dependency", "websocket endpoint"):
        for param in function.params:
            why = _why(project, function, param)
            if why:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=param.annotation or param.default or _first_use(function, param),
                    severity="error",
                    message=f"{param.name} of {function.name} {why}, so FastAPI does not fill it",
                    captured=project.path_of(function),
                    nodes={"parameter": _argument(function, param)},
                )


def _why(project: Project, function: Function, param: Param) -> str:
    """Return what is wrong with a parameter for background tasks, or the empty string."""
    outside = Scope(function.module, function.outer)
    default = param.default.func if isinstance(param.default, ast.Call) else None
    given = project.path(default, outside)
    if given in DEPENDS and isinstance(param.default, ast.Call):
        handed = param.default.args[0] if param.default.args else param.annotation
        return "depends on the class BackgroundTasks" if project.path(handed, outside) == TASKS else ""
    if param.annotation is None:
        if given == TASKS:
            return "has no annotation"
        return "has no annotation" if param.default is None and _is_used_as_tasks(function, param) else ""
    node = param.annotation
    if isinstance(node, (ast.Subscript, ast.BinOp)) and not annotated(project, function, param):
        optional = isinstance(node, ast.BinOp) or ast.unparse(node.value).endswith(("Optional", "Union"))
        value = project.inference.annotation(node, outside)
        return "is optional" if optional and value == f"{TASKS}()" else ""
    return "is annotated with BackgroundTask, without s" if project.path(node, outside) == ONE else ""


def _is_used_as_tasks(function: Function, param: Param) -> bool:
    used = (
        call.func.value.id
        for call in function.body.calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "add_task"
        and isinstance(call.func.value, ast.Name)
    )
    return param.kind == "positional" and (param.name in NAMES or param.name in used)


def _argument(function: Function, param: Param) -> ast.arg:
    """Return the node of a parameter."""
    arguments = function.node.args
    return next(
        item for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs) if item.arg == param.name
    )


def _first_use(function: Function, param: Param) -> ast.expr | ast.stmt:
    """Return the first call of a method of a parameter, which has itself no node of an expression."""
    for call in function.body.calls:
        if isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == param.name:
            return call
    return function.node
