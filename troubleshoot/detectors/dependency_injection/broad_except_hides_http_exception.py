"""A broad `except` that takes the code's own HTTPException, or an answer that holds the text of any exception."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.developing import is_for_developers
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument
from troubleshoot.code.topics.administrators import answers_insiders
from troubleshoot.code.topics.answers import (
    DATABASES,
    answer_of,
    answered_instead,
    is_command,
    is_replaced_above,
    severity_of_replacing,
    severity_of_telling,
    telling_answers,
    tells,
    unanswered,
)
from troubleshoot.code.topics.callers import runs_on_import
from troubleshoot.code.topics.databases import has_sql
from troubleshoot.code.topics.exceptions import (
    BROAD,
    http_catcher,
    http_sources,
    is_broad,
    is_same_answer,
    status_of,
)

BROKEN = {
    "main.py": """
from fastapi import Depends, FastAPI, HTTPException, Request, status
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from items import find

app = FastAPI()


class Problem(BaseModel):
    detail: str


@app.exception_handler(SQLAlchemyError)
async def database_failed(request: Request, exc: SQLAlchemyError):
    return JSONResponse({"detail": f"database: {exc}"}, status_code=500)


@app.get("/items/{item_id}")
def read_item(item_id: int):
    try:
        if item_id > 9:
            raise HTTPException(404, "no such item")
        return {"id": item_id}
    except Exception as error:
        raise HTTPException(500, detail=str(error)) from error


@app.get("/found/{item_id}")
def read_found(item_id: int):
    try:
        return find(item_id)
    except Exception:
        raise HTTPException(status.HTTP_500_INTERNAL_SERVER_ERROR, "something went wrong")


@app.get("/none/{item_id}")
def read_none(item_id: int):
    try:
        if item_id > 9:
            raise HTTPException(404, "no such item")
        return {"id": item_id}
    except Exception as error:
        return {"error": str(error)}


@app.get("/text/{item_id}")
def read_text(item_id: int):
    try:
        return 1 / item_id
    except Exception as error:
        message = f"failed: {error}"
        return JSONResponse(status_code=500, content={"message": message})


@app.get("/model/{item_id}")
def read_model(item_id: int):
    try:
        return 1 / item_id
    except Exception as error:
        return JSONResponse(status_code=500, content=Problem(detail=str(error)).model_dump())


def get_db():
    try:
        yield object()
    except Exception:
        raise HTTPException(500, "database error")


@app.get("/rows")
def read_rows(db=Depends(get_db)):
    return []
""",
    "items.py": """
from fastapi import HTTPException


def find(item_id: int):
    if item_id > 9:
        raise HTTPException(404, "no such item")
    return item_id
""",
}
FIXED = {
    "main.py": """
import logging

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

from items import find

app = FastAPI()


class Broken(Exception):
    pass


@app.exception_handler(Broken)
async def broken(request: Request, exc: Broken):
    return JSONResponse({"detail": str(exc)}, status_code=400)


@app.exception_handler(HTTPException)
async def refused(request: Request, exc: HTTPException):
    return JSONResponse({"detail": str(exc.detail)}, status_code=exc.status_code)


@app.get("/items/{item_id}")
def read_item(item_id: int):
    try:
        return find(item_id)
    except HTTPException:
        raise
    except Exception:
        logging.exception("failed")
        raise HTTPException(500, "something went wrong")


@app.get("/found/{item_id}")
def read_found(item_id: int):
    try:
        return find(item_id)
    except Exception as error:
        if isinstance(error, HTTPException):
            raise
        raise HTTPException(500, "something went wrong")


@app.get("/optional/{item_id}")
def read_optional(item_id: int):
    try:
        return find(item_id)
    except Exception:
        return None


@app.get("/number/{text}")
def read_number(text: str):
    try:
        return int(text)
    except ValueError as error:
        raise HTTPException(400, str(error))


@app.get("/mail")
def mail():
    try:
        if not app.routes:
            raise HTTPException(500, "the mail was not sent")
    except Exception:
        raise HTTPException(500, "the mail was not sent")


def get_db():
    try:
        yield object()
    except Exception:
        logging.exception("rolled back")
        raise


@app.get("/rows")
def read_rows(db=Depends(get_db)):
    try:
        return [1]
    except Broken as error:
        raise HTTPException(400, detail=str(error)) from error
""",
    "items.py": BROKEN["items.py"],
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the `except` clauses that replace an HTTPException, and the answers that tell an exception's text."""
    answered = {item.value: item.call for item in project.registrations("handler") if isinstance(item.value, Function)}
    dependencies, endpoints = set(project.called_as("dependency")), set(project.called_as("path operation"))
    elsewhere = unanswered(project)
    for function in project.functions:
        if function.body.tries and function not in elsewhere and not is_command(function):
            is_dependency, is_endpoint = function in dependencies, function in endpoints
            found = [*_replaced(project, function, is_dependency, is_endpoint), *_told(project, function, is_endpoint)]
            if found and (is_dependency or is_endpoint or not runs_on_import(project, function)):
                yield from found
        if function in answered:
            yield from _handled(project, function, answered[function])


def _replaced(project: Project, function: Function, is_dependency: bool, is_endpoint: bool) -> Iterator[Sighting]:
    told: set[ast.ExceptHandler] = set()
    for node, made, told_as in http_sources(project, function, is_dependency):
        handler = http_catcher(project, function, node)
        if handler is None or handler in told or not is_broad(project, handler, function):
            continue
        instead = answered_instead(project, function, handler, is_direct=isinstance(node, ast.Raise))
        if instead is None or is_same_answer(made, instead):
            continue
        told.add(handler)
        is_below = not (is_dependency or is_endpoint)
        given = f" {status_of(made)}" if made is not None and status_of(made) else ""
        yield Sighting(
            module=function.module,
            function=function,
            node=handler.type or handler,
            severity=severity_of_replacing(project, function, made, instead, is_below=is_below),
            message=f"except {_name(handler)} also catches the HTTPException{given} {told_as}, and answers otherwise",
            captured=project.path_of(function),
            nodes={"handler": handler},
        )


def _told(project: Project, function: Function, is_endpoint: bool) -> Iterator[Sighting]:
    for handler, node, answer in telling_answers(project, function, is_endpoint):
        found = _telling(project, function, handler, node, answer)
        if found is not None:
            yield found.as_note() if answers_insiders(project, function) else found


def _telling(
    project: Project, function: Function, handler: ast.ExceptHandler, node: ast.stmt, answer: ast.expr
) -> Sighting | None:
    severity = severity_of_telling(project, function, handler, answer)
    if severity is None or (isinstance(node, ast.Raise) and is_replaced_above(project, function)):
        return None
    told = "any exception" if is_broad(project, handler, function) else _name(handler)
    return Sighting(
        module=function.module,
        function=function,
        node=node,
        severity=severity,
        message=f"{function.qualname} answers with the text of {told}",
        captured=project.path_of(function),
        nodes={"handler": handler},
    )


def _handled(project: Project, function: Function, registered: ast.Call) -> Iterator[Sighting]:
    """Yield the answers of a handler of all or of the database's exceptions that have the exception's text."""
    path = project.path(argument(registered, 0, "exc_class_or_status_code"), Scope(function.module, function.outer))
    if len(function.params) < 2 or not (path in BROAD or DATABASES.match(path)):
        return
    name = next((param.name for param in function.params[1:] if param.name not in ("self", "request")), "")
    for statement in function.body.returns:
        answer = answer_of(project, function, statement)
        if answer is not None and not is_for_developers(statement) and tells(answer, name, function):
            yield Sighting(
                module=function.module,
                function=function,
                node=statement,
                severity="warning" if DATABASES.match(path) or has_sql(project) else "info",
                message=f"{function.qualname} answers with the text of every {path.rpartition('.')[2]}",
            )


def _name(handler: ast.ExceptHandler) -> str:
    return ast.unparse(handler.type) if handler.type is not None else "without a type"
