"""A parameter that says twice where its value comes from, in `Annotated` and in its default."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.libraries import DEPENDS
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Param
from troubleshoot.code.syntax.nodes import keyword
from troubleshoot.code.topics.parameters import FROM_REQUEST, marker, read_by_fastapi

BROKEN = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI, Header, Query

app = FastAPI()


def get_db():
    yield 1


Database = Annotated[int, Depends(get_db)]


@app.get("/both")
def both(db: Database = Depends(get_db), page: Annotated[int, Query()] = Query(5)):
    return page


@app.get("/inside")
def inside(page: Annotated[int, Query(5, ge=1)], token: Annotated[str, Header(default="")]):
    return page


@app.get("/mixed")
def mixed(page: Annotated[int, Query()] = Depends(get_db)):
    return page
"""
}
FIXED = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI, Header, Query

app = FastAPI()


def get_db():
    yield 1


Database = Annotated[int, Depends(get_db)]


@app.get("/both")
def both(db: Database = None, page: Annotated[int, Query()] = 5, old: int = Query(5), other: int = Depends(get_db)):
    return page


@app.get("/inside")
def inside(page: Annotated[int, Query(..., ge=1)], token: Annotated[str, Header(alias="x-token")] = ""):
    return page
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the parameters that FastAPI refuses when the module is imported."""
    for function in read_by_fastapi(project, "path operation", "dependency", "websocket endpoint"):
        for param in function.params:
            why = conflict(project, function, param)
            if why and param.annotation is not None:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=param.annotation,
                    severity="error",
                    message=f"{param.name} of {function.qualname} {why}",
                )


def conflict(project: Project, function: Function, param: Param) -> str:
    """Return what is said twice, or the empty string."""
    bare = Param(param.name, param.annotation, None, param.kind)
    depends = marker(project, function, bare, frozenset(DEPENDS))
    request = marker(project, function, bare, FROM_REQUEST)
    default = param.default
    outside = Scope(function.module, function.outer)
    called = project.path(default.func, outside) if isinstance(default, ast.Call) else ""
    if depends is not None and called in DEPENDS:
        return "has Depends in Annotated and as its default"
    if request is None:
        return ""
    name = ast.unparse(request[0].func)
    if called in FROM_REQUEST or called in DEPENDS:
        return f"has {name} in Annotated and {called.rpartition('.')[2]} as its default"
    given = request[0].args[0] if request[0].args else keyword(request[0], "default")
    if given is not None and not (isinstance(given, ast.Constant) and given.value is ...):
        return f"has its default inside {name} in Annotated, it belongs behind ="
    return ""
