"""An HTTPException that is returned, not raised."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting

BROKEN = {
    "main.py": """
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def current_user(token: str = ""):
    if not token:
        return HTTPException(status_code=401)
    return token


@app.get("/items/{item_id}")
def read(item_id: int, user=Depends(current_user)):
    if item_id > 10:
        return HTTPException(status_code=404, detail="Item not found")
    return item_id
"""
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, HTTPException

app = FastAPI()


def not_found(name: str) -> HTTPException:
    return HTTPException(status_code=404, detail=f"{name} not found")


@app.get("/items/{item_id}")
def read(item_id: int):
    if item_id > 10:
        raise not_found("item")
    return item_id
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield `return HTTPException(…)` in what FastAPI calls."""
    for function in project.called_as("path operation", "dependency"):
        for statement in function.body.returns:
            called = statement.value.func if isinstance(statement.value, ast.Call) else None
            if project.path(called, function) == "fastapi.HTTPException":
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=statement,
                    severity="error",
                    message=f"{function.qualname} returns an HTTPException, so the client gets 200; it must be raised",
                )
