"""A task that is called while it is added, so that its result is added and not the task."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Bound, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import short
from troubleshoot.code.topics.callables import may_make_callable
from troubleshoot.code.topics.tasks import added_tasks

BROKEN = {
    "main.py": """
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

from mail import Mailer, send, write

app = FastAPI()
mailer = Mailer()


@app.post("/async")
async def add_coroutine(background_tasks: BackgroundTasks):
    background_tasks.add_task(send("ann"))


@app.post("/plain")
def add_result(tasks: BackgroundTasks):
    tasks.add_task(write("ann"))
    tasks.add_task(print("added"))


@app.post("/method")
def add_method(tasks: BackgroundTasks):
    job = mailer.deliver("ann")
    tasks.add_task(job)


@app.post("/lambda")
def add_lambda(tasks: BackgroundTasks):
    tasks.add_task(lambda: send("ann"))


@app.post("/response")
def respond():
    return JSONResponse({}, background=BackgroundTask(write("ann")))
""",
    "mail.py": """
async def send(address: str):
    print(address)


def write(address: str) -> None:
    print(address)


class Mailer:
    async def deliver(self, address: str):
        print(address)
""",
}
FIXED = {
    "main.py": """
import functools

from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

from mail import Mailer, Job, send, sender_for, write

app = FastAPI()
mailer = Mailer()


@app.post("/async")
async def add_function(background_tasks: BackgroundTasks):
    background_tasks.add_task(send, "ann")
    background_tasks.add_task(mailer.deliver, address="ann")
    background_tasks.add_task(functools.partial(send, "ann"))


@app.post("/plain")
def add_made(tasks: BackgroundTasks):
    tasks.add_task(sender_for("ann"))
    tasks.add_task(Job("ann"))
    tasks.add_task(Mailer().deliver, "ann")
    tasks.add_task(lambda: write("ann"))


@app.post("/response")
def respond():
    return JSONResponse({}, background=BackgroundTask(write, "ann"))
""",
    "mail.py": BROKEN["mail.py"]
    + """

def sender_for(address: str):
    def run():
        write(address)

    return run


class Job:
    def __init__(self, address: str):
        self.address = address

    def __call__(self):
        write(self.address)
""",
}
SAYS_NOTHING = ("builtins.print", "fastapi_mail.FastMail().send_message")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls of `add_task` that are given what a function returned."""
    for function in project.functions:
        scope = Scope.of(function)
        for call, given in added_tasks(project, function):
            made = _made_by(given, function)
            verb = _called(project, made, scope) if made is not None else ""
            if made is not None and verb:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="error",
                    message=f"{short(made.func)}() {verb}, and is not passed to the task",
                    captured=project.path_of(function),
                    nodes={"given": given, "made": made},
                )


def _made_by(given: ast.expr, function: Function) -> ast.Call | None:
    """Return the call whose result is added, written in place, in a variable or in a lambda."""
    if isinstance(given, ast.Name):
        values = function.body.assigned.get(given.id, [])
        given = values[0] if len(values) == 1 else given
    if isinstance(given, ast.Lambda):
        return given.body if isinstance(given.body, ast.Call) else None
    return given if isinstance(given, ast.Call) else None


def _called(project: Project, made: ast.Call, scope: Scope) -> str:
    """Return what a call does while the task is added, or the empty string if it may make a task."""
    value = project.value(made.func, scope)
    in_lambda = not any(made is item for item in (scope.function.body.calls if scope.function else ()))
    called = value.function if isinstance(value, Bound) else value
    if isinstance(called, Function):
        if called.is_async and not called.is_generator:
            return "makes a coroutine that nobody awaits"
        if not in_lambda and not called.node.decorator_list and not may_make_callable(project, called):
            return "is called while it is added"
    # Of a piece of source the function is often left out; hardly anybody makes the task by a call.
    is_left_out = value is None and project.files.is_loose and isinstance(made.func, ast.Name)
    return "is called while it is added" if (called in SAYS_NOTHING or is_left_out) and not in_lambda else ""
