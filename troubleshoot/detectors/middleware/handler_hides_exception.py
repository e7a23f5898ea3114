"""A try around call_next that waits for an exception which has become a response."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, is_name, nodes_in, short
from troubleshoot.code.topics.exceptions import let_out
from troubleshoot.code.topics.middleware import http_middleware, next_call

HANDLED = ("fastapi.HTTPException", "fastapi.exceptions.RequestValidationError")

BROKEN = {
    "main.py": """
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def translate(request: Request, call_next):
    try:
        print("asked", request.url)
        log(request)
        return await call_next(request)
    except HTTPException as error:
        return JSONResponse({"error": error.detail}, status_code=error.status_code)


def log(request: Request):
    print(request.method)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

app = FastAPI()


def check(request: Request):
    raise HTTPException(status_code=401)


@app.middleware("http")
async def translate(request: Request, call_next):
    try:
        check(request)
    except HTTPException as error:
        return JSONResponse({"error": error.detail}, status_code=error.status_code)
    try:
        check(request)
        return await call_next(request)
    except HTTPException as error:
        return JSONResponse({"error": error.detail}, status_code=error.status_code)
    try:
        if not request.headers:
            raise HTTPException(status_code=400)
        return await call_next(request)
    except HTTPException as error:
        return JSONResponse({"error": error.detail}, status_code=error.status_code)
    try:
        return await call_next(request)
    except Exception:
        print("failed")
        raise
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield handlers around call_next whose exception never comes through it."""
    for function in http_middleware(project):
        call = next_call(function)
        tries = [around for around in ancestors(call) if isinstance(around, ast.Try)] if call is not None else []
        for attempt in tries:
            if any(_may_raise(project, node, function) for node in nodes_in(attempt.body)):
                continue
            for handler in attempt.handlers:
                if handler.type is not None and project.is_exception(handler.type, function, *HANDLED):
                    yield Sighting(
                        module=function.module,
                        function=function,
                        node=handler,
                        severity="info" if _raises_again(handler) else "warning",
                        message=f"{short(handler.type)} is a response already when {function.qualname} would catch it",
                        nodes={"attempt": attempt, "call": call} if call is not None else {},
                    )


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """Return whether a handler only looks on: whoever asked gets the same answer, whether it runs or not."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and (last.exc is None or is_name(last.exc, handler.name))


def _may_raise(project: Project, node: ast.AST, function: Function) -> bool:
    """Return whether an exception for the client comes up in the middleware itself: raised, or out of what it asks."""
    if isinstance(node, ast.Raise):
        return node.exc is not None
    if not isinstance(node, ast.Call) or node is next_call(function):
        return False
    value = project.value(node.func, function)
    if value is None:
        # What nobody knows, and gets the request, may refuse it.
        return any(isinstance(item, ast.Name) and item.id in function.names for item in node.args)
    return let_out(project, node, Scope.of(function)) is not None
