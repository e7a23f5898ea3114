"""A list among the parameters of a GET that FastAPI looks for in the body, because it has no Query()."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.libraries import DEPENDS
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Param
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.models import is_model
from troubleshoot.code.topics.parameters import FROM_REQUEST, marker

BROKEN = {
    "main.py": """
from typing import List, Optional

from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter()


@app.get("/items")
async def read(ids: list[int] = []):
    return ids


@router.get("/tags")
async def tags(names: Optional[List[str]] = None):
    return names


@app.get("/sets")
async def sets(names: set[str] | None = None):
    return names
""",
}
FIXED = {
    "main.py": """
from typing import Annotated, Optional

from fastapi import APIRouter, Depends, FastAPI, Header, Query

app = FastAPI()
router = APIRouter()
Ids = Annotated[list[int], Query()]


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


@app.get("/plain")
async def plain(name: str | None = None, listing: int = 3):
    return name
""",
}
LISTS = frozenset(("list", "List", "set", "Set", "tuple", "Tuple", "Sequence"))


def detect(project: Project) -> Iterator[Sighting]:
    """Yield lists that a GET takes from its body."""
    for route in project.routes:
        function = route.function
        for param in function.params if route.methods == ("GET",) else ():
            node = param.annotation
            if (
                node is not None
                and _is_list(param)
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
