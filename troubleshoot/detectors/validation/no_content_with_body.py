"""A status without a body, and a body."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.parts import Route
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import keyword

BROKEN = {
    "main.py": """
from fastapi import FastAPI, status

app = FastAPI()


@app.delete("/items/{item_id}", status_code=204)
def delete(item_id: int):
    return {"deleted": item_id}


@app.delete("/others/{item_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_other(item_id: int) -> dict:
    return {"deleted": item_id}
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, Response, status

app = FastAPI()


@app.delete("/items/{item_id}", status_code=204)
def delete(item_id: int) -> None:
    print(item_id)


@app.delete("/others/{item_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_other(item_id: int):
    return Response(status_code=204)


@app.delete("/third/{item_id}", status_code=204, response_model=None)
def delete_third(item_id: int):
    if item_id:
        return
    return None
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield routes with status 204 or 304 that declare or return something."""
    for route in project.routes:
        status = keyword(route.call, "status_code")
        if status is None or not ({"204", "304"} & set(_numbers(status))):
            continue
        for node in _bodies(route):
            yield Sighting(
                module=route.function.module,
                function=route.function,
                node=node,
                severity="error",
                message=f"{route.function.name} has a body, and its status says that there is none",
            )


def _numbers(node: ast.expr) -> list[str]:
    return [part for part in ast.unparse(node).replace(".", "_").split("_") if part.isdigit()]


def _bodies(route: Route) -> Iterator[ast.expr | ast.stmt]:
    model = keyword(route.call, "response_model")
    if model is not None and not (isinstance(model, ast.Constant) and model.value is None):
        yield model
        return
    for statement in route.function.body.returns:
        if isinstance(statement.value, (ast.Dict, ast.List, ast.JoinedStr)) or (
            isinstance(statement.value, ast.Constant) and statement.value.value is not None
        ):
            yield statement
