"""A way through a middleware that ends without a response."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_endless
from troubleshoot.code.topics.middleware import http_middleware, next_call

BROKEN = {
    "main.py": """
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def forgets(request: Request, call_next):
    response = await call_next(request)
    response.headers["x-app"] = "1"


@app.middleware("http")
async def sometimes(request: Request, call_next):
    if request.url.path.startswith("/api"):
        return await call_next(request)


@app.middleware("http")
async def bare(request: Request, call_next):
    response = await call_next(request)
    if response.status_code == 404:
        return
    return response


@app.middleware("http")
async def a_dict(request: Request, call_next):
    if "x-key" not in request.headers:
        return {"detail": "no key"}
    return await call_next(request)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.middleware("http")
async def measure(request: Request, call_next):
    try:
        response = await call_next(request)
    except Exception:
        print("failed")
        raise
    else:
        return response


@app.middleware("http")
async def retry(request: Request, call_next):
    while True:
        if request.url.path == "/":
            return await call_next(request)
        return Response(status_code=404)


@app.middleware("http")
async def with_block(request: Request, call_next):
    with open("log") as log:
        log.read()
        return await call_next(request)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the place where a middleware ends with nothing, or with something that is no response."""
    for function in http_middleware(project):
        if next_call(function) is None:
            continue
        wrong = next((item for item in function.body.returns if _is_no_response(item.value)), None)
        if wrong is not None:
            yield _sighting(function, wrong, "returns something that is no response")
        elif _may_fall_through(function.node.body):
            yield _sighting(function, function.node.body[-1], "has a way to its end that returns no response")


def _is_no_response(node: ast.expr | None) -> bool:
    return node is None or isinstance(node, (ast.Constant, ast.Dict, ast.List, ast.JoinedStr))


def _may_fall_through(statements: list[ast.stmt]) -> bool:
    """Return whether control can run past the last of `statements`."""
    return not any(_ends(statement) for statement in statements)


def _ends(statement: ast.stmt) -> bool:
    match statement:
        case ast.Return() | ast.Raise():
            return True
        case ast.If():
            return not _may_fall_through(statement.body) and not _may_fall_through(statement.orelse)
        case ast.Try():
            handled = all(not _may_fall_through(handler.body) for handler in statement.handlers)
            body = not _may_fall_through(statement.body) or not _may_fall_through(statement.orelse)
            return not _may_fall_through(statement.finalbody) or (body and handled)
        case ast.With() | ast.AsyncWith():
            return not _may_fall_through(statement.body)
        case ast.While():
            # Only a `break` leaves an endless loop.
            return is_endless(statement) and not any(isinstance(item, ast.Break) for item in ast.walk(statement))
        case ast.Match():
            return any(_is_wildcard(item) for item in statement.cases) and all(
                not _may_fall_through(item.body) for item in statement.cases
            )
        case _:
            return False


def _is_wildcard(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None


def _sighting(function: Function, node: ast.stmt, what: str) -> Sighting:
    return Sighting(
        module=function.module,
        function=function,
        node=node,
        severity="error",
        message=f"the middleware {function.qualname} {what}",
    )
