"""An uploaded file that is handed to work which goes on after its request."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.libraries import TO_THREAD
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import keyword
from troubleshoot.code.topics.tasks import (
    added_tasks,
    coroutine_name,
    coroutine_of,
    handed_over,
    is_dropped,
    is_waited_for,
    started_tasks,
)

BROKEN = {
    "main.py": """
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI, UploadFile

from imports import import_file

app = FastAPI()
pool = ThreadPoolExecutor()
running = set()


@app.post("/imports")
async def start_import(file: UploadFile):
    task = asyncio.create_task(import_file(file))
    running.add(task)


@app.post("/many")
async def start_many(files: list[UploadFile]):
    for file in files:
        running.add(asyncio.create_task(import_file(file.file)))


@app.post("/thread")
def start_thread(file: UploadFile):
    threading.Thread(target=import_file, args=(file,)).start()


@app.post("/pool")
def start_in_pool(file: UploadFile):
    pool.submit(import_file, file.file)
""",
    "imports.py": "async def import_file(file):\n    return await file.read()\n",
}
FIXED = {
    "main.py": """
import asyncio
import shutil
import tempfile

from fastapi import FastAPI, UploadFile
from fastapi.concurrency import run_in_threadpool

from imports import import_bytes, import_file

app = FastAPI()
running = set()


@app.post("/imports")
async def start_import(file: UploadFile):
    data = await file.read()
    running.add(asyncio.create_task(import_bytes(data, file.filename)))


@app.post("/copied")
async def start_copied(file: UploadFile):
    with tempfile.NamedTemporaryFile(delete=False) as copy:
        shutil.copyfileobj(file.file, copy)
    running.add(asyncio.create_task(import_file(UploadFile(open(copy.name, "rb"), filename=file.filename))))


@app.post("/awaited")
async def import_now(files: list[UploadFile]):
    await asyncio.gather(*[asyncio.create_task(import_file(file)) for file in files])
    task = asyncio.create_task(import_file(files[0]))
    await task
    tasks = [asyncio.create_task(import_file(file)) for file in files]
    await asyncio.wait(tasks)
    more = []
    for file in files:
        more.append(asyncio.create_task(import_file(file)))
    await asyncio.gather(*more)
    return await run_in_threadpool(import_bytes, files[0].file, "name")
""",
    "imports.py": BROKEN["imports.py"] + "\n\nasync def import_bytes(data, name):\n    pass\n",
}
UPLOAD = ("fastapi.UploadFile()", "fastapi.UploadFile().file")
POOLS = tuple(name for name in TO_THREAD if name.endswith(".submit"))


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls that hand an upload over to something that nobody waits for."""
    for function in project.functions:
        if not any(function.module.mentions(word) for word in (b"UploadFile", b"create_task", b"submit", b"Thread(")):
            continue
        scope = Scope.of(function)
        for call, given, name in _handed(project, function, scope):
            upload = _upload(project, given, scope)
            if upload is not None:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="error",
                    message=f"{function.name} hands an upload to work that goes on after the upload is closed",
                    captured={"function": name} if name else {},
                    nodes={"upload": upload},
                )
        for call, task in added_tasks(project, function):
            if _upload(project, handed_over(call, task), scope) is not None:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="info",
                    message=f"{function.name} hands an upload to a task; FastAPI 0.106 to 0.117 closes it first",
                )


def _upload(project: Project, given: list[ast.expr], scope: Scope) -> ast.expr | None:
    """Return the first thing that is handed over and belongs to the request; an upload that is made here does not."""
    made = scope.function.body.assigned if scope.function else {}
    own = {name for name, values in made.items() if any(isinstance(value, ast.Call) for value in values)}
    items = (item for item in given if not isinstance(item, ast.Call) and getattr(item, "id", "") not in own)
    return next((item for item in items if project.path(item, scope) in UPLOAD), None)


def _handed(project: Project, function: Function, scope: Scope) -> Iterator[tuple[ast.Call, list[ast.expr], str]]:
    """Yield the calls that start work nobody waits for, what it is given, and its name."""
    for call in started_tasks(project, function):
        made = coroutine_of(call)
        if made is not None and not is_waited_for(call, function):
            given = [*made.args, *(item.value for item in made.keywords)]
            yield call, given, coroutine_name(project, call, scope)
    for call in function.body.calls:
        path = project.path(call.func, scope)
        if path == "threading.Thread":
            given_args = keyword(call, "args")
            yield call, given_args.elts if isinstance(given_args, (ast.Tuple, ast.List)) else [], ""
        elif path in POOLS and is_dropped(call):
            yield call, call.args[1:], ""
