"""An ASGI middleware that does not call the application, or takes every scope for HTTP."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import text_of
from troubleshoot.code.topics.middleware import asgi_middleware

BROKEN = {
    "main.py": """
from fastapi import FastAPI, Request

app = FastAPI()


class Silent:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        print(scope["path"])


class OnlyHttp:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        request = Request(scope, receive)
        print(request.url)
        await self.app(scope, receive, send)


app.add_middleware(Silent)
app.add_middleware(OnlyHttp)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, Request

app = FastAPI()


class Careful:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        print(request.url)
        await self.app(scope, receive, send)


class Delegating:
    def __init__(self, app):
        self.inner = app

    async def __call__(self, scope, receive, send):
        await self.handle(scope, receive, send)

    async def handle(self, scope, receive, send):
        await self.inner(scope, receive, send)


app.add_middleware(Careful)
app.add_middleware(Delegating)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield `__call__` methods that lose a scope."""
    for function in asgi_middleware(project):
        me = function.params[0].name
        forwarded = [call for call in function.body.calls if _is_own(call.func, me)]
        request = next((call for call in function.body.calls if _is_request(project, call, function)), None)
        if not forwarded:
            message = f"{function.qualname} never calls the application that it wraps"
            yield _sighting(function, function.node.body[0], message)
        elif request is not None and not _looks_at_type(function):
            message = f"{function.qualname} makes a Request of every scope, also of lifespan and websocket"
            yield _sighting(function, request, message)


def _is_own(node: ast.expr, me: str) -> bool:
    """Return whether something of the object is called: the application, or a method that may call it."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in (me, "super")


def _is_request(project: Project, call: ast.Call, function: Function) -> bool:
    called = project.value(call.func, function)
    own = isinstance(called, Class) and project.inference.is_a(called, "fastapi.Request")
    return (own or called == "fastapi.Request") and any(
        isinstance(item, ast.Name) and item.id == function.params[1].name for item in call.args
    )


def _looks_at_type(function: Function) -> bool:
    read = any(text_of(item.slice) == "type" for item in function.body.subscripts)
    return read or any(text_of(item) == "type" for call in function.body.calls for item in call.args)


def _sighting(function: Function, node: ast.expr | ast.stmt, message: str) -> Sighting:
    return Sighting(module=function.module, function=function, node=node, severity="error", message=message)
