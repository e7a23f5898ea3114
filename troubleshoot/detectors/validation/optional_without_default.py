"""An optional field that is required."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function

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
def create(item: Item):
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


@app.post("/items", response_model=ItemOut)
def create(item: Item):
    return item
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield optional fields without a default, in models that requests are read into."""
    told: set[Class] = set()
    for route in project.routes:
        for param in route.function.params:
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
            )


def _is_optional(node: ast.expr) -> bool:
    text = ast.unparse(node)
    return text.startswith(("Optional[", "typing.Optional[", "None |")) or text.endswith("| None")
