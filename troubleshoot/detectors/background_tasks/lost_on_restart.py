"""A job whose progress is written down while the job itself lives in the web process only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.reach import function_of
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_endless, last_name
from troubleshoot.code.topics.tasks import added_tasks, is_waited_for, started_tasks

BROKEN = {
    "main.py": """
import asyncio

from fastapi import BackgroundTasks, FastAPI

from jobs import Runner, build

app = FastAPI()
runner = Runner()
running = set()


@app.post("/jobs")
async def start(job_id: int, background_tasks: BackgroundTasks):
    background_tasks.add_task(runner.process, job_id)


@app.post("/builds")
async def start_build(job_id: int):
    task = asyncio.create_task(build(job_id))
    running.add(task)
""",
    "jobs.py": """
from database import jobs


class Runner:
    async def process(self, job_id):
        jobs.update(job_id, {"status": "processing"})
        try:
            await self.work(job_id)
        except Exception:
            self.finish(job_id, "failed")
        self.finish(job_id, "completed")

    async def work(self, job_id):
        pass

    def finish(self, job_id, status):
        jobs.update(job_id, {"status": status})


async def build(job_id):
    job = jobs.get(job_id)
    job.status = "running"
    await jobs.save(job)
    job.status = "done"
    await jobs.save(job)
""",
    "database.py": "class Jobs:\n    pass\n\n\njobs = Jobs()\n",
}
FIXED = {
    "main.py": """
from fastapi import BackgroundTasks, FastAPI

from jobs import notify, warm_cache

app = FastAPI()


@app.post("/orders")
async def create(order_id: int, background_tasks: BackgroundTasks):
    background_tasks.add_task(notify, order_id)
    background_tasks.add_task(warm_cache)
""",
    "jobs.py": """
import logging


async def notify(order_id):
    logging.info("running")
    print(order_id)


def warm_cache():
    status = "failed"
    print("processing", status)
""",
}
STARTED = re.compile(
    r"(in[_ -]?progress|processing|running|started|building|importing|executing|pending)", re.IGNORECASE
)
ENDED = re.compile(r"(completed?|done|failed|failure|finished|success|succeeded|error|ready)", re.IGNORECASE)
STATE_WORD = re.compile(rb"(?i)status|state|progress|phase")
STORES = re.compile(
    r"(?:a?commit|a?save|flush|execute|update(?:_\w+)?|insert(?:_\w+)?|upsert\w*|put(?:_\w+)?|h?set|hmset|mset|publish"
    r"|store(?:_\w+)?|write(?:_\w+)?|dump|merge|bulk_\w+)"
)
"""What keeps something longer than the process, if it is not a dictionary's."""
MOST_CALLS = 2
STATE = re.compile(r"\w*(status|state|progress|phase)", re.IGNORECASE)


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls that start a job which keeps a status: the job is lost with the process, the status is not."""
    known: dict[Function, list[str]] = {}
    for function in project.functions:
        scope = Scope.of(function)
        for call, given in added_tasks(project, function):
            yield from _job(project, call, function_of(project.value(given, scope), project.inference), scope, known)
        for call in started_tasks(project, function):
            made = call.args[0] if call.args and not is_waited_for(call, function) else None
            called = project.value(made.func, scope) if isinstance(made, ast.Call) else None
            yield from _job(project, call, function_of(called, project.inference), scope, known)


def _job(
    project: Project, call: ast.Call, task: Function | None, scope: Scope, known: dict[Function, list[str]]
) -> Iterator[Sighting]:
    if task is None:
        return
    written = set(_statuses(project, task, known, 0))
    if not any(STARTED.fullmatch(item) for item in written) or not any(ENDED.fullmatch(item) for item in written):
        return
    # A loop without end begins anew with the process, and what nobody stores is gone together with the job.
    if not any(map(is_endless, task.body.loops)) and _stores(project, task):
        yield Sighting(
            module=scope.module,
            function=scope.function,
            node=call,
            severity="warning",
            message=f"{task.qualname} notes its status, but is itself only in the memory of this process",
            captured={"function": task.name},
        )


def _stores(project: Project, function: Function, depth: int = 0) -> bool:
    """Return whether a job, or what it calls, calls something that stores."""
    for call in function.body.calls:
        value = project.value(call.func, function)
        called = function_of(value, project.inference)
        if called is not None and depth < MOST_CALLS:
            if _stores(project, called, depth + 1):
                return True
        elif STORES.fullmatch(last_name(call.func)) and value != "builtins.dict().update":
            return True
    return False


def _statuses(project: Project, function: Function, known: dict[Function, list[str]], depth: int) -> Iterator[str]:
    """Yield the texts that a job, or what it calls, stores as a status."""
    if function not in known:
        known[function] = list(_own_statuses(function)) if STATE_WORD.search(function.module.data) else []
    yield from known[function]
    for call in function.body.calls if depth < MOST_CALLS else ():
        called = function_of(project.value(call.func, function), project.inference)
        if called is not None:
            if any(STATE.fullmatch(param.name) for param in called.params):
                yield from (text for given in call.args for text in _texts(given))
            yield from _statuses(project, called, known, depth + 1)


def _own_statuses(function: Function) -> Iterator[str]:
    """Yield what a function itself stores, also in a lambda that is given to something which tries again."""
    returned = {id(item.value) for item in function.body.returns}
    for node in ast.walk(function.node):
        if isinstance(node, ast.Dict) and id(node) not in returned:
            yield from _in_dict(node)
        elif isinstance(node, (ast.keyword, ast.Assign)):
            names = (
                [node.arg] if isinstance(node, ast.keyword) else [getattr(item, "attr", "") for item in node.targets]
            )
            if any(name and STATE.fullmatch(name) for name in names):
                yield from _texts(node.value)


def _in_dict(node: ast.Dict) -> Iterator[str]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and STATE.fullmatch(str(key.value)):
            yield from _texts(value)


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the texts, and the names of enumeration members, that an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Attribute):
        yield from _texts(node.value) if node.attr == "value" else (node.attr,)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
