"""An HTTPException raised in a middleware, outside the handlers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import tries

BROKEN = {
    "main.py": """
from fastapi import FastAPI, HTTPException, Request

app = FastAPI()


def check(request: Request):
    if "x-other" not in request.headers:
        raise HTTPException(status_code=403)
    try:
        print(request.headers["x-other"])
    except KeyError:
        check_again(request)


def check_again(request: Request):
    raise HTTPException(status_code=403)


@app.middleware("http")
async def check_key(request: Request, call_next):
    if "x-key" not in request.headers:
        raise HTTPException(status_code=401)
    check(request)
    return await call_next(request)
""",
}
FIXED = {
    "main.py": """
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

app = FastAPI()


def require_key(request: Request):
    if "x-key" not in request.headers:
        raise HTTPException(status_code=401)


def require_all(request: Request):
    require_key(request)
    require_host(request)


def require_host(request: Request):
    if "host" not in request.headers:
        raise HTTPException(status_code=400)


@app.middleware("http")
async def check_key(request: Request, call_next):
    try:
        require_all(request)
        if "x-key" not in request.headers:
            raise HTTPException(status_code=401)
    except HTTPException as error:
        return JSONResponse({"detail": error.detail}, status_code=error.status_code)
    return await call_next(request)


@app.get("/", dependencies=[Depends(require_key)])
def read():
    return "ok"
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield `raise HTTPException` in middleware, and in what it calls."""
    for reached in project.reached_as("middleware"):
        if any(_caught(project, call, caller) for call, caller in _calls_above(reached)):
            continue
        function = reached.function
        for statement in function.body.raises:
            raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
            if project.path(raised, function) == "fastapi.HTTPException" and not _caught(project, statement, function):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=statement,
                    severity="error",
                    message=f"{function.qualname} raises HTTPException in a middleware, outside of all handlers",
                )


def _calls_above(reached: Reached) -> Iterator[tuple[ast.Call, Function]]:
    """Yield the calls that lead from the middleware to a function, each with the function that it stands in."""
    while reached.caller is not None:
        if reached.call is not None:
            yield reached.call, reached.caller.function
        reached = reached.caller


def _caught(project: Project, node: ast.AST, function: Function) -> bool:
    """Return whether a `try` around `node` catches HTTPException."""
    names = ("fastapi.HTTPException", "builtins.Exception", "builtins.BaseException")
    return any(
        handler.type is None or project.is_exception(handler.type, function, *names)
        for attempt in tries(node)
        for handler in attempt.handlers
    )
