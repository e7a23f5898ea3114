"""A middleware that reads the body and leaves nothing of it to the application."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, is_name, nodes_in
from troubleshoot.code.topics.middleware import asgi_middleware, http_middleware, next_call

READS = frozenset(("body", "json", "form", "stream"))
EMPTYING = ("fastapi.Request().form", "fastapi.Request().stream")
"""What leaves nothing of the body to call_next, unless `body()` has kept it before."""

BROKEN = {
    "main.py": """
from fastapi import FastAPI, Request

app = FastAPI()


class LogBody:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            request = Request(scope, receive)
            print(await request.body())
        await self.app(scope, receive, send)


@app.middleware("http")
async def log_stream(request: Request, call_next):
    async for chunk in request.stream():
        print(chunk)
    return await call_next(request)


@app.middleware("http")
async def log_form(request: Request, call_next):
    print(await request.form())
    return await call_next(request)


app.add_middleware(LogBody)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class LogBody:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = await Request(scope, receive).body()

        async def replay():
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay, send)


@app.middleware("http")
async def log_body(request: Request, call_next):
    print(await request.body())
    return await call_next(request)


@app.middleware("http")
async def log_stream(request: Request, call_next):
    await request.body()
    async for chunk in request.stream():
        print(chunk)
    return await call_next(request)


@app.middleware("http")
async def answer_hooks(request: Request, call_next):
    if request.url.path == "/hook":
        form = await request.form()
        return JSONResponse({"known": "token" in form})
    return await call_next(request)


app.add_middleware(LogBody)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield reads of a body that the application needs too."""
    for function in asgi_middleware(project):
        receive = function.params[2].name
        handed_on = [
            call.args[1]
            for call in function.body.calls
            if len(call.args) == 3
            and is_name(call.args[1], receive)
            and project.path(call.func, function) != "fastapi.Request"
        ]
        for call in function.body.calls:
            read = is_name(call.func, receive) or _reads(project, call, function)
            if read and any(item.lineno >= call.lineno for item in handed_on):
                yield _sighting(function, call, handed_on)
                break
    for function in http_middleware(project):
        paths = {call: project.path(call.func, function) for call in function.body.calls}
        kept = min((call.lineno for call, path in paths.items() if path == "fastapi.Request().body"), default=None)
        for call, path in paths.items():
            if path in EMPTYING and (kept is None or kept > call.lineno) and not _answers_itself(function, call):
                yield _sighting(function, call, ())


def _answers_itself(function: Function, call: ast.Call) -> bool:
    """Return whether what is read goes into a response of the middleware's own: its branch ends before call_next."""
    passing = next_call(function)
    for around in ancestors(call):
        for block in (around.body, around.orelse) if isinstance(around, ast.If) else ():
            inside = [*nodes_in(block)]
            if call in inside and passing not in inside and isinstance(block[-1], (ast.Return, ast.Raise)):
                return True
    return False


def _reads(project: Project, call: ast.Call, function: Function) -> bool:
    path = project.path(call.func, function)
    return path.startswith("fastapi.Request().") and path.rpartition(".")[2] in READS


def _sighting(function: Function, node: ast.Call, handed_on: Sequence[ast.expr]) -> Sighting:
    return Sighting(
        module=function.module,
        function=function,
        node=node,
        severity="error",
        message=f"{function.qualname} reads the body, and the application gets nothing of it",
        nodes={f"handed on {number}": item for number, item in enumerate(handed_on)},
    )
