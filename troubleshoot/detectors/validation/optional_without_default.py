"""An optional field or parameter that is required."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.topics.parameters import read_by_fastapi

BROKEN = {
    "main.py": """
from typing import Optional

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str
    note: Optional[str]


@app.post("/items")
def create(item: Item, source: Optional[str]):
    return item
""",
}
FIXED = {
    "main.py": """
from typing import Optional

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str
    note: Optional[str] = None


class ItemOut(BaseModel):
    note: Optional[str]


class ItemWhole(BaseModel):
    note: Optional[str]


@app.put("/items/{name}")
def replace(item: ItemWhole, name: str):
    return item


@app.post("/items/{name}", response_model=ItemOut)
def create(item: Item, name: Optional[str], source: Optional[str] = None):
    return item
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield optional fields without a default, in models that requests are read into, and such parameters."""
    told: set[Class] = set()
    for function in dict.fromkeys(read_by_fastapi(project, "path operation")):
        yield from _required_parameters(project, function)
    for route in project.routes:
        # What replaces a thing names all of it.
        for param in route.function.params if route.methods != ("PUT",) else ():
            injected = isinstance(param.default, ast.Call)
            model = None if injected else project.value(param.annotation, route.function)
            if isinstance(model, Class) and model not in told and project.inference.is_a(model, "pydantic.BaseModel"):
                told.add(model)
                yield from _required(model, route.function)


def _required(model: Class, function: Function) -> Iterator[Sighting]:
    for statement in model.node.body:
        if isinstance(statement, ast.AnnAssign) and statement.value is None and _is_optional(statement.annotation):
            name = ast.unparse(statement.target)
            yield Sighting(
                module=model.module,
                function=None,
                node=statement,
                severity="info",
                message=f"{model.name}.{name} may be None, but has no default, so {function.name} requires it",
                nodes={"type": statement.annotation},
                # Pydantic 1 gave fields that may be None the default None; parameters never had one.
                versions={"pydantic": ">=2"},
            )


def _required_parameters(project: Project, function: Function) -> Iterator[Sighting]:
    paths = [route.path for route in project.routes if route.function is function]
    positional = [param for param in function.params if param.kind == "positional"]
    for index, param in enumerate(function.params):
        node = param.annotation
        if node is None or param.default is not None or not _is_optional(node):
            continue
        if any(path is None or f"{{{param.name}" in path for path in paths):
            continue
        # Behind it, Python wants none without a default.
        may = param.kind == "keyword" or all(item.default is not None for item in positional[index + 1 :])
        yield Sighting(
            module=function.module,
            function=function,
            node=node,
            severity="info",
            message=f"{param.name} may be None, but has no default, so {function.name} requires it",
            nodes={"type": node} if may else {},
        )


def _is_optional(node: ast.expr) -> bool:
    text = ast.unparse(node)
    return text.startswith(("Optional[", "typing.Optional[", "None |")) or text.endswith("| None")
