"""`Depends(…)` where the type of a parameter belongs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.libraries import DEPENDS
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting

BROKEN = {
    "main.py": """
import fastapi
from fastapi import Depends, FastAPI, Security

app = FastAPI()


def get_db():
    yield 1


class Orders:
    def __init__(self, db: Depends(get_db)):
        self.db = db


@app.get("/items")
def read_items(db: Depends(get_db)):
    return []


@app.get("/orders")
def read_orders(*, orders: fastapi.Security(Orders)):
    return []
"""
}
FIXED = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


def get_db():
    yield 1


Database = Annotated[int, Depends(get_db)]


@app.get("/items")
def read_items(db: Annotated[int, Depends(get_db)], other: Database, old: int = Depends(get_db)):
    return []
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the parameters annotated with a call of `Depends` or `Security`."""
    for function in project.functions:
        for param in function.params:
            node = param.annotation
            if isinstance(node, ast.Call):
                path = project.path(node.func, Scope(function.module, function.outer))
                if path in DEPENDS:
                    yield Sighting(
                        module=function.module,
                        function=function,
                        node=node,
                        severity="error",
                        message=f"{path.rpartition('.')[2]} stands where the type of {param.name} belongs",
                    )
