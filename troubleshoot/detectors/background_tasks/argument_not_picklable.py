"""A session, request or upload that is handed to a task of Celery or to a pool of processes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import last_name, short

BOUND = (
    "sqlalchemy.orm.Session()",
    "sqlalchemy.ext.asyncio.AsyncSession()",
    "fastapi.Request()",
    "fastapi.UploadFile()",
    "fastapi.WebSocket()",
)
POOLS = ("concurrent.futures.ProcessPoolExecutor()", "concurrent.futures.process.ProcessPoolExecutor()")
BROKEN = {
    "main.py": """
import asyncio
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from sqlalchemy.orm import Session

from database import get_db
from jobs import make_report


@asynccontextmanager
async def lifespan(app):
    with ProcessPoolExecutor() as workers:
        app.state.workers = workers
        yield


app = FastAPI(lifespan=lifespan)
pool = ProcessPoolExecutor()


def work(request):
    return 1


@app.post("/reports")
def order(number: int, db: Annotated[Session, Depends(get_db)]):
    make_report.delay(number, db)


@app.post("/work")
async def run(request: Request):
    return await asyncio.get_running_loop().run_in_executor(pool, work, request)


@app.post("/kept")
async def run_in_kept(request: Request):
    return await asyncio.get_running_loop().run_in_executor(request.app.state.workers, work, request)
""",
    "database.py": """
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("sqlite://")


def get_db():
    with Session(engine) as session:
        yield session
""",
    "jobs.py": """
from celery import Celery

celery_app = Celery("jobs")


@celery_app.task
def make_report(number, db):
    return number
""",
}
FIXED = {
    "main.py": """
import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from sqlalchemy.orm import Session

from jobs import make_report

app = FastAPI()
pool = ThreadPoolExecutor()


class Timer:
    def delay(self, request):
        return request


timer = Timer()


def work(request):
    return 1


@app.post("/reports")
def order(number: int, request: Request):
    timer.delay(request)
    make_report.delay(number, request.url.path)


@app.post("/work")
async def run(request: Request):
    return await asyncio.get_running_loop().run_in_executor(pool, work, request)
""",
    "jobs.py": """
from celery import Celery

celery_app = Celery("jobs")


@celery_app.task
def make_report(number, path):
    return number
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield calls that send what belongs to this process to another one."""
    for function in project.functions:
        for call in function.body.calls:
            if not isinstance(call.func, ast.Attribute) or not _leaves_the_process(project, call, function):
                continue
            for argument in (*call.args, *(item.value for item in call.keywords)):
                path = project.path(argument, function) if isinstance(argument, ast.Name) else ""
                if path in BOUND:
                    yield Sighting(
                        module=function.module,
                        function=function,
                        node=call,
                        severity="error",
                        message=f"{short(argument)} ({path[:-2].rpartition('.')[2]}) cannot be sent to another process",
                        nodes={"work": _work(call)},
                    )


def _leaves_the_process(project: Project, call: ast.Call, function: Function) -> bool:
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr == "delay":
        task = project.value(call.func.value, function)
        return isinstance(task, Function) and any(_makes_a_task(node) for node in task.node.decorator_list)
    if call.func.attr == "run_in_executor" and call.args:
        return _is_pool(project, call.args[0], function)
    return call.func.attr == "submit" and _is_pool(project, call.func.value, function)


def _is_pool(project: Project, node: ast.expr, function: Function) -> bool:
    """Return whether an expression is a pool of processes, also one that a lifespan has put into `app.state`."""
    if project.path(node, function) in POOLS:
        return True
    if not isinstance(node, ast.Attribute) or last_name(node.value) != "state":
        return False
    stored = (
        project.path(value, other)
        for other in project.functions
        for target, value in other.body.stored_attributes
        if target.attr == node.attr and last_name(target.value) == "state"
    )
    return any(path in POOLS for path in stored)


def _work(call: ast.Call) -> ast.expr:
    """Return what runs in the other process, as it stands in the call."""
    assert isinstance(call.func, ast.Attribute)
    return call.func.value if call.func.attr == "delay" else call.args[1 if call.func.attr == "run_in_executor" else 0]


def _makes_a_task(decorator: ast.expr) -> bool:
    named = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = named.attr if isinstance(named, ast.Attribute) else getattr(named, "id", "")
    return name in ("task", "shared_task")
