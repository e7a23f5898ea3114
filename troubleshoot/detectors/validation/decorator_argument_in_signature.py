"""Arguments of a route's decorator that are written as parameters of its function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.inference.libraries import DEPENDS
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Param
from troubleshoot.code.topics.models import is_model
from troubleshoot.code.topics.parameters import read_by_fastapi

BROKEN = {
    "main.py": """
from fastapi import Depends, FastAPI, status
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

app = FastAPI()


class ItemOut(BaseModel):
    name: str


def check_token():
    pass


@app.get("/items")
async def read(response_model=list[ItemOut]):
    return []


@app.post("/items")
async def create(name: str, status_code: int = status.HTTP_201_CREATED):
    return name


@app.put("/items")
async def replace(name: str, response_model: ItemOut = None):
    return name


@app.patch("/items")
async def change(name: str, status_code=201):
    return name


@app.delete("/items")
async def delete(dependencies=[Depends(check_token)]):
    return None


@app.get("/page")
async def page(response_class=HTMLResponse):
    return "<p>"
""",
}
FIXED = {
    "main.py": """
from fastapi import Depends, FastAPI, Query, Response, status
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

app = FastAPI()


class ItemOut(BaseModel):
    name: str


def check_token():
    pass


@app.get("/items", response_model=list[ItemOut], dependencies=[Depends(check_token)])
async def read(status_code: int | None = None, tags: list[str] = Query([])):
    return []


@app.post("/items", status_code=status.HTTP_201_CREATED)
async def create(name: str):
    return name


@app.get("/mock")
async def mock(status_code: int = 200):
    return Response(status_code=status_code)


@app.get("/models")
async def models(response_model: str = "gpt", dependencies: str = ""):
    return response_model


@app.get("/page", response_class=HTMLResponse)
async def page():
    return "<p>"


def helper(response_model=ItemOut, status_code=status.HTTP_201_CREATED):
    return response_model
""",
}
RESPONSE = re.compile(r"(fastapi|starlette)(\.responses)?\.\w*Response")

STATUSES = ("fastapi.status.", "starlette.status.", "http.HTTPStatus.")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield parameters that are called like an argument of the decorator, and hold what such an argument holds."""
    for function in read_by_fastapi(project, "path operation"):
        found = {
            param.name: node
            for param in function.params
            if (node := _given(param)) is not None
            and param.name in _MEANT
            and _MEANT[param.name](project, function, param)
        }
        for name, node in found.items():
            yield Sighting(
                module=function.module,
                function=function,
                node=node,
                severity="error",
                message=f"{name} belongs into the decorator; as a parameter it decides nothing",
                captured=project.path_of(function),
                nodes=found,
            )


def _given(param: Param) -> ast.expr | None:
    is_none = isinstance(param.default, ast.Constant) and param.default.value is None
    return param.annotation if param.default is None or is_none else param.default


def _is_model(project: Project, function: Function, param: Param) -> bool:
    return any(_names_model(project, function, node) for node in (param.default, param.annotation) if node is not None)


def _names_model(project: Project, function: Function, node: ast.expr) -> bool:
    named = (project.value(item, function) for item in ast.walk(node) if isinstance(item, (ast.Name, ast.Attribute)))
    return any(is_model(project, value) for value in named)


def _is_status(project: Project, function: Function, param: Param) -> bool:
    """Return whether the default is a status that the function itself does not use."""
    number = isinstance(param.default, ast.Constant) and param.default.value in range(200, 600)
    named = project.path(param.default, function).startswith(STATUSES)
    return (number or named) and not any(
        isinstance(item, ast.Name) and item.id == param.name for line in function.node.body for item in ast.walk(line)
    )


def _is_dependencies(project: Project, function: Function, param: Param) -> bool:
    listed = param.default.elts if isinstance(param.default, (ast.List, ast.Tuple)) else []
    return any(isinstance(item, ast.Call) and project.path(item.func, function) in DEPENDS for item in listed)


def _is_response_class(project: Project, function: Function, param: Param) -> bool:
    return RESPONSE.fullmatch(project.path(param.default, function)) is not None


_MEANT = {
    "response_model": _is_model,
    "status_code": _is_status,
    "dependencies": _is_dependencies,
    "response_class": _is_response_class,
}
"""The names, and what tells that the decorator's argument is meant and not an input of that name."""
