"""A module's variable that one request writes and another one reads, in a program that asks for several workers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.topics.servers import runs

BROKEN = {
    "main.py": """
import uvicorn
from fastapi import FastAPI

app = FastAPI()
jobs: dict[str, str] = {}
visits = 0


@app.post("/jobs/{name}")
def create(name: str):
    jobs[name] = "running"


@app.get("/jobs/{name}")
def read(name: str):
    return jobs[name]


@app.get("/")
def count():
    global visits
    visits += 1


@app.get("/visits")
def show():
    return visits


if __name__ == "__main__":
    uvicorn.run("main:app", workers=4)
""",
}
FIXED = {
    "many/main.py": """
import uvicorn
from fastapi import FastAPI

app = FastAPI()
squares: dict[int, int] = {}
LIMITS = {"a": 1}
client = None


def connect():
    global client
    client = object()


@app.get("/squares/{number}")
def square(number: int):
    if number not in squares:
        squares[number] = number * number
    return squares[number]


@app.get("/limits")
def limits(client=None):
    limits = {}
    limits["b"] = LIMITS["a"]
    return limits


if __name__ == "__main__":
    connect()
    uvicorn.run("main:app", workers=4)
""",
    "single/main.py": """
from fastapi import FastAPI

app = FastAPI()
jobs: dict[str, str] = {}


@app.post("/jobs/{name}")
def create(name: str):
    jobs[name] = "running"


@app.get("/jobs/{name}")
def read(name: str):
    return jobs[name]
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the places where requests write such a variable, each variable once."""
    folders = {PurePosixPath(run.module.path).parent for run in runs(project) if run.workers > 1}
    if not folders:
        return
    requests = {item.function: None for item in project.reach if item.role not in ("lifespan", "background task")}
    told = set()
    for function in requests:
        if folders.isdisjoint(PurePosixPath(function.module.path).parents):
            continue  # of another program in the same tree
        for name, node in _written(function):
            place = (function.module.path, name)
            others = (item for item in requests if item is not function and item.module is function.module)
            if place not in told and any(_reads(item, name) for item in others):
                told.add(place)
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=node,
                    severity="warning",
                    message=f"{function.qualname} writes {name}, and each of the workers has a {name} of its own",
                )


def _written(function: Function) -> Iterator[tuple[str, ast.expr | ast.stmt]]:
    """Yield the variables of the module into which a function writes."""
    of_module = function.module.body.assigned
    own = {param.name for param in function.params} | (set(function.body.assigned) - function.body.globals)
    for item in function.body.subscripts:
        name = item.value.id if isinstance(item.value, ast.Name) else ""
        if isinstance(item.ctx, ast.Store) and name in of_module and name not in own:
            yield name, item
    for node in ast.walk(function.node):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            for target in targets:
                if isinstance(target, ast.Name) and target.id in function.body.globals:
                    yield target.id, node


def _reads(function: Function, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        for node in ast.walk(function.node)
    )
