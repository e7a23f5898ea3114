"""A parameter that FastAPI looks for elsewhere than meant: a list of a GET in the body, plain values of a POST not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.libraries import DEPENDS
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Param
from troubleshoot.code.syntax.nodes import keyword, last_name
from troubleshoot.code.topics.models import is_model
from troubleshoot.code.topics.parameters import FROM_REQUEST, marker
from troubleshoot.code.topics.sent import arriving, body_models, has_body, keys_of

BROKEN = {
    "client.py": """
import requests

from main import app


def start(email):
    requests.post("http://localhost:8000/people", json={"email": email, "password": "x"})
    return requests.post("http://localhost:8000/entries", params={"text": "x"})
""",
    "main.py": """
from typing import List, Optional

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

app = FastAPI()
router = APIRouter()


class Entry(BaseModel):
    text: str


@app.post("/people")
async def register(email: str, password: str):
    return email


@app.post("/entries")
async def enter(entry: Entry):
    return entry


@app.get("/items")
async def read(ids: list[int] = []):
    return ids


@router.get("/tags")
async def tags(names: Optional[List[str]] = None):
    return names


@app.get("/sets")
async def sets(names: set[str] | None = None):
    return names


@router.post("/rooms/{room}")
async def enter(room: int, name: str, age: int):
    return name
""",
}
FIXED = {
    "main.py": """
from typing import Annotated, Optional

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Query

app = FastAPI()
router = APIRouter()
Ids = Annotated[list[int], Query()]
START = "/v1"


def current(names: Annotated[list[str], Query()]):
    return names


@app.get("/items")
async def read(ids: list[int] = Query([]), others: Annotated[list[int], Query()] = [], more: Ids = []):
    return ids


@router.post("/tags")
async def tags(names: list[str]):
    return names


@app.get("/sets")
async def sets(names: list[str] = Depends(current), x_names: Annotated[Optional[list[str]], Header()] = None):
    return names


@app.get(START + "/controls/{names}")
async def controls(names: list[str]):
    return names


@app.get("/plain")
async def plain(name: str | None = None, listing: int = 3):
    return name


@router.post("/rooms/{room}")
async def enter(room: int, name: str = Body(), age: int = Body()):
    return name


@router.post("/rooms/{room}/users/{user}")
async def join(room: int, user: str, force: bool = False):
    return user
""",
}
LISTS = frozenset(("list", "List", "set", "Set", "tuple", "Tuple", "Sequence"))


WITH_BODY = frozenset(("POST", "PUT", "PATCH"))
SCALARS = frozenset(("str", "int", "float", "bool", "date", "datetime", "Decimal", "UUID", "EmailStr"))
FEW = 2
"""One plain value of a POST may well be meant for the URL; several, and nothing else, seldom are."""


def detect(project: Project) -> Iterator[Sighting]:
    """Yield lists that a GET takes from its body, and endpoints with a body that take plain values from the URL."""
    yield from _plain_values(project)
    yield from _misplaced(project)
    for route in project.routes:
        function = route.function
        for param in function.params if route.methods == ("GET",) else ():
            node = param.annotation
            if (
                node is not None
                and _is_list(param)
                and f"{{{param.name}" not in ast.unparse(route.call)
                and marker(project, function, param, FROM_REQUEST | frozenset(DEPENDS)) is None
            ):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=node,
                    severity="error",
                    message=f"{function.name} takes the list {param.name} from the body of a GET: it has no Query()",
                    captured=project.path_of(function),
                    nodes={"type": node} if _is_plain(project, node, function) else {},
                )


def _misplaced(project: Project) -> Iterator[Sighting]:
    """Yield requests with JSON for plain parameters, and with a model's values in the query string."""
    for request, route in arriving(project):
        function = route.function
        models = [param for param in body_models(project, function) if param.default is None]
        scalar = frozenset(param.name for param in function.params if _is_scalar(project, function, param))
        keys = keys_of(project, keyword(request.call, "json"), request.scope) or frozenset()
        if keys & scalar and not models and f"{{{min(keys & scalar)}}}" not in (route.path or ""):
            why = f"sends {', '.join(sorted(keys & scalar))} as JSON; {function.name} reads plain values from the URL"
        elif models and keyword(request.call, "params") is not None and has_body(request) is False:
            why = f"has all in the URL; {function.name} reads {models[0].name} from the body"
        else:
            continue
        yield Sighting(
            module=request.module,
            function=request.function,
            node=request.call,
            severity="warning",
            message=f"the request {why}",
            captured=project.path_of(function),
        )


def concerns(project: Project) -> bool:
    """Return whether a request with what it sends and the endpoint that it is for are both there."""
    return any(has_body(request) for request, _ in arriving(project))


def _plain_values(project: Project) -> Iterator[Sighting]:
    for route in project.routes:
        function = route.function
        if route.is_websocket or not WITH_BODY.issuperset(route.methods) or route.path is None:
            continue
        own = [param for param in function.params if f"{{{param.name}" not in route.path]
        if len(own) >= FEW and all(_is_scalar(project, function, param) for param in own):
            names = ", ".join(param.name for param in own)
            yield Sighting(
                module=function.module,
                function=function,
                node=own[0].annotation or function.node,
                severity="info",
                message=f"{function.name} takes {names} from the query string: plain values are no body",
                captured=project.path_of(function),
                minor=True,
            )


def _is_scalar(project: Project, function: Function, param: Param) -> bool:
    """Return whether a parameter has to be given, is of a plain type, and says nothing of where it comes from."""
    return (
        param.default is None
        and param.annotation is not None
        and last_name(param.annotation) in SCALARS
        and marker(project, function, param, FROM_REQUEST | frozenset(DEPENDS)) is None
    )


def _is_plain(project: Project, node: ast.expr, function: Function) -> bool:
    """Return whether the URL can hold what is in a list, which is no model and no dictionary."""
    names = [item for item in ast.walk(node) if isinstance(item, (ast.Name, ast.Attribute))]
    return not any(
        is_model(project, project.value(item, function)) or last_name(item) in ("dict", "Dict", "Any") for item in names
    )


def _is_list(param: Param) -> bool:
    """Return whether the type is a list, or a list or None."""
    queue = [param.annotation] if param.annotation is not None else []
    while queue:
        node = queue.pop()
        if isinstance(node, ast.BinOp):
            queue += [node.left, node.right]
        elif isinstance(node, ast.Subscript):
            name = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if name in LISTS:
                return True
            if name in ("Optional", "Union"):
                queue += node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        elif isinstance(node, ast.Name) and node.id == "list":
            return True
    return False
