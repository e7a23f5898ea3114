"""Several tasks of one response, of which a first one that fails takes the others along."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.reach import function_of
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, last_name, statement_of
from troubleshoot.code.topics.tasks import added_tasks

BROKEN = {
    "main.py": """
from fastapi import BackgroundTasks, FastAPI

from jobs import count_order, send_mail

app = FastAPI()


@app.post("/orders")
async def create_order(order_id: int, tasks: BackgroundTasks):
    tasks.add_task(send_mail, order_id)
    tasks.add_task(count_order, order_id)
""",
    "jobs.py": """
import smtplib


def send_mail(order_id):
    smtplib.SMTP("localhost").sendmail("a", "b", str(order_id))


def count_order(order_id):
    print(order_id)
""",
}
FIXED = {
    "main.py": """
from fastapi import BackgroundTasks, FastAPI

from jobs import count_order, send_mail

app = FastAPI()


@app.post("/orders")
async def create_order(order_id: int, tasks: BackgroundTasks):
    tasks.add_task(send_mail, order_id)
    tasks.add_task(count_order, order_id)


@app.post("/bills")
async def create_bill(order_id: int, tasks: BackgroundTasks):
    if order_id > 9:
        tasks.add_task(save, order_id)
    else:
        tasks.add_task(save, order_id)


def save(order_id):
    open("orders").write(order_id)
""",
    "jobs.py": """
import logging
import smtplib


def send_mail(order_id):
    try:
        smtplib.SMTP("localhost").sendmail("a", "b", str(order_id))
    except OSError:
        logging.exception("not sent")


def count_order(order_id):
    print(order_id)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the first of several tasks in one block, if nothing guards it."""
    for function in project.functions:
        seen: dict[tuple[int, bool], Function | None] = {}
        for call, given in added_tasks(project, function):
            if not isinstance(call.func, ast.Attribute):
                continue
            block = _block(call)
            first = seen.get(block)
            if first is not None:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="info",
                    message=f"this task never runs if {first.name}, which has no try, fails before it",
                    captured=project.path_of(function),
                    nodes={"first": first.node},
                )
                seen[block] = None
            elif block not in seen:
                task = function_of(project.value(given, Scope.of(function)), project.inference)
                seen[block] = task if task is not None and not task.body.tries and _works(task) else None


def _block(call: ast.Call) -> tuple[int, bool]:
    """Return what tells the block that a call stands in from all others."""
    statement = statement_of(call)
    around = next(ancestors(statement), None) if statement is not None else None
    return id(around), statement in getattr(around, "orelse", ())


def _works(task: Function) -> bool:
    """Return whether a task calls something that may fail, and does not hand its work to a queue."""
    names = {last_name(call.func) for call in task.body.calls}
    return bool(names - {"print", "info", "debug", "warning", "error", "append"}) and not task.node.decorator_list
