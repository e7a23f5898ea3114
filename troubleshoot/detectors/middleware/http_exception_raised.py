"""An HTTPException raised in a middleware, outside the handlers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

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


@app.middleware("http")
async def check_key(request: Request, call_next):
    try:
        require_key(request)
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
        caller = reached.caller
        if caller is not None and reached.call is not None and _caught(project, reached.call, caller.function):
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


def _caught(project: Project, node: ast.AST, function: Function) -> bool:
    """Return whether a `try` around `node` catches HTTPException."""
    names = ("fastapi.HTTPException", "builtins.Exception", "builtins.BaseException")
    return any(
        handler.type is None or project.is_exception(handler.type, function, *names)
        for attempt in tries(node)
        for handler in attempt.handlers
    )
