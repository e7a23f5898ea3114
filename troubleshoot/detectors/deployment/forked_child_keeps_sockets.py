"""A process that is started in a request by fork."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, keyword, text_of

STARTS = frozenset(
    (
        "multiprocessing.Process",
        "multiprocessing.Pool",
        "multiprocessing.pool.Pool",
        "concurrent.futures.ProcessPoolExecutor",
        "concurrent.futures.process.ProcessPoolExecutor",
        "os.fork",
    )
)

BROKEN = {
    "main.py": """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def work():
    print("working")


def launch():
    multiprocessing.Process(target=work).start()


forking = multiprocessing.get_context("fork")


@app.post("/fork")
def fork():
    forking.Process(target=work).start()


@app.post("/start")
def start():
    launch()


@app.post("/sum")
def total(tasks: BackgroundTasks):
    tasks.add_task(compute)


def compute():
    with ProcessPoolExecutor() as pool:
        print(list(pool.map(abs, [1, -2])))
""",
}
FIXED = {
    "main.py": """
import multiprocessing
import subprocess
from concurrent.futures import ProcessPoolExecutor

from fastapi import FastAPI

app = FastAPI()
context = multiprocessing.get_context("spawn")


def work():
    print("working")


@app.post("/start")
def start():
    context.Process(target=work).start()
    subprocess.Popen(["true"])


@app.post("/sum")
def total():
    with ProcessPoolExecutor(mp_context=context) as pool:
        return list(pool.map(abs, [1, -2]))
""",
    "script.py": """
import multiprocessing

from main import work

if __name__ == "__main__":
    multiprocessing.Process(target=work).start()
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield processes that requests start with the start method that is the default."""
    if any(module.mentions(b"set_start_method") for module in project.modules):
        return
    told = set()
    for reached in project.reach:
        function = reached.function
        if reached.role == "lifespan" or function in told:
            continue
        told.add(function)
        for call in function.body.calls:
            fork = _fork(project, call, function)
            starts = project.path(call.func, function) in STARTS and keyword(call, "mp_context") is None
            if starts or fork is not None:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="info",
                    message="before Python 3.14 this forks on Linux; the child keeps the server's sockets open",
                    captured={"function": function.name},
                    nodes={"start": call, **({"method": fork} if fork is not None else {})},
                )


def _fork(project: Project, call: ast.Call, function: Function) -> ast.expr | None:
    """Return the name of the method, if a process is started by a context of the module that forks."""
    made = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr in ("Process", "Pool") else None
    if isinstance(made, ast.Name):
        known = function.module.body.assigned.get(made.id, [])
        made = known[0] if len(known) == 1 and made.id not in function.body.assigned else None
    if not isinstance(made, ast.Call) or project.path(made.func, function.module) != "multiprocessing.get_context":
        return None
    method = argument(made, 0, "method")
    return method if text_of(method) == "fork" else None
