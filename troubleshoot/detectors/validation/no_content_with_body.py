"""A status without a body, and a body."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.parts import Route
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, keyword, short

BROKEN = {
    "main.py": """
from fastapi import FastAPI, status
from fastapi.responses import JSONResponse
from pydantic import BaseModel

app = FastAPI()


@app.delete("/items/{item_id}", status_code=204)
def delete(item_id: int):
    return {"deleted": item_id}


@app.delete("/others/{item_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_other(item_id: int) -> dict:
    return {"deleted": item_id}


class Item(BaseModel):
    name: str


@app.delete("/models/{item_id}", status_code=204, response_model=Item)
def delete_model(item_id: int):
    # The item is gone.
    print(item_id)
    return {"name": str(item_id)}


@app.delete("/sent/{item_id}")
def delete_sent(item_id: int):
    return JSONResponse(None, status_code=status.HTTP_204_NO_CONTENT)


@app.delete("/also/{item_id}")
def delete_sent_too(item_id: int):
    return JSONResponse(status_code=204, content={"deleted": item_id}, headers={"X-Deleted": "1"})
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, Response, status
from fastapi.responses import JSONResponse

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


@app.delete("/fourth/{item_id}")
def delete_fourth(item_id: int):
    if item_id:
        return JSONResponse({"deleted": item_id}, status_code=200)
    return Response(status_code=status.HTTP_204_NO_CONTENT)
""",
}
JSON = ("fastapi.responses.JSONResponse", "starlette.responses.JSONResponse")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield routes with status 204 or 304 that declare or return something, and responses with a body of their own.

    FastAPI does not start with what is declared, and leaves out what is returned: nobody gets to read it.
    """
    told = set()
    for route in project.routes:
        if route.function not in told:
            told.add(route.function)
            yield from _sent(project, route.function)
        if not _has_no_body(keyword(route.call, "status_code")):
            continue
        for node in _bodies(route):
            yield Sighting(
                module=route.function.module,
                function=route.function,
                node=node,
                severity="warning" if isinstance(node, ast.Return) else "error",
                message=f"{route.function.name} has a body, and its status says that there is none",
                nodes={"route": route.call},
            )


def _has_no_body(status: ast.expr | None) -> bool:
    return status is not None and bool({"204", "304"} & set(_numbers(status)))


def _sent(project: Project, function: Function) -> Iterator[Sighting]:
    """Yield JSON responses with such a status; with no content, it is the text null."""
    for statement in function.body.returns:
        call = statement.value
        if not isinstance(call, ast.Call) or project.path(call.func, function) not in JSON:
            continue
        if _has_no_body(argument(call, 1, "status_code")):
            yield Sighting(
                module=function.module,
                function=function,
                node=call,
                severity="error",
                message=f"{short(call)} is sent with a body, and its status says that there is none",
                nodes={"response": call},
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
