"""A dependency that catches the exception of the endpoint at its `yield`, and does not raise it again."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, nesting, nodes_in
from troubleshoot.code.topics.exceptions import is_broad

BROKEN = {
    "main.py": """
import logging
from contextlib import suppress

from fastapi import Depends, FastAPI
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

app = FastAPI()


def get_db():
    db = Session()
    try:
        yield db
    except Exception:
        logging.exception("failed")
        db.rollback()
    finally:
        db.close()


async def get_other():
    try:
        yield 1
    except IntegrityError:
        print("there already")


def get_quiet():
    with suppress(Exception):
        yield 1


def get_left():
    try:
        yield 1
    finally:
        return


@app.get("/items")
def read_items(db=Depends(get_db), a=Depends(get_other), b=Depends(get_quiet), c=Depends(get_left)):
    return []
"""
}
FIXED = {
    "main.py": """
import asyncio
from contextlib import contextmanager

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

app = FastAPI()


def get_db():
    db = Session()
    try:
        yield db
    except Exception:
        db.rollback()
        raise
    finally:
        db.close()


def get_translated():
    try:
        yield 1
    except IntegrityError as error:
        raise HTTPException(409) from error


def get_guarded():
    try:
        db = Session()
    except Exception:
        db = None
    yield db


def get_released():
    try:
        yield 1
    finally:

        def release():
            return 1

        release()


@contextmanager
def for_scripts():
    try:
        yield 1
    except Exception:
        print("failed")


@app.get("/items")
def read_items(db=Depends(get_db), other=Depends(get_translated), more=Depends(get_guarded), b=Depends(get_released)):
    return []
"""
}
ENDINGS = ("builtins.GeneratorExit", "asyncio.CancelledError", "builtins.KeyboardInterrupt")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the `except`, `finally` or `suppress` in which the endpoint's exception ends."""
    for function in project.called_as("dependency"):
        for item in function.body.yields:
            yield from _swallowed(project, function, item)


def _swallowed(project: Project, function: Function, item: ast.AST) -> Iterator[Sighting]:
    for around, inside in nesting(item):
        if isinstance(around, ast.Try) and inside in around.body:
            for handler in around.handlers:
                if not _has(handler.body, ast.Raise, ast.Yield):
                    yield from _caught(project, function, handler)
            for left in nodes_in(around.finalbody):
                # What a function returns that is only made there is no end of this one.
                if isinstance(left, ast.Return) and around in ancestors(left):
                    yield _sighting(function, left, "a return in finally", {}, certain=True)
        elif isinstance(around, ast.With):
            for entered in around.items:
                call = entered.context_expr
                if isinstance(call, ast.Call) and project.path(call.func, function) == "contextlib.suppress":
                    yield _sighting(function, call, "suppress", {"entered": around}, certain=True)


def _caught(project: Project, function: Function, handler: ast.ExceptHandler) -> Iterator[Sighting]:
    if project.is_exception(handler.type, function, *ENDINGS):
        return
    name = f"except {ast.unparse(handler.type)}" if handler.type is not None else "a bare except"
    certain = is_broad(project, handler, function)
    yield _sighting(function, handler.type or handler, name, {"handler": handler}, certain=certain)


def _has(statements: list[ast.stmt], *kinds: type[ast.AST]) -> bool:
    return any(isinstance(node, kinds) for node in nodes_in(statements))


def _sighting(
    function: Function,
    node: ast.expr | ast.stmt | ast.ExceptHandler,
    what: str,
    nodes: Mapping[str, ast.AST],
    *,
    certain: bool,
) -> Sighting:
    return Sighting(
        module=function.module,
        function=function,
        node=node,
        severity="error" if certain else "warning",
        message=f"in {function.qualname} {what} ends the exception of the endpoint, and FastAPI has no answer then",
        nodes=nodes,
    )
