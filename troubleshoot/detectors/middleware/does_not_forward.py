"""An ASGI middleware that does not call the application, or takes every scope for HTTP."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import mentions, nodes_in, parent, text_of
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


class Leaving:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        await self.app(scope, receive, send)


app.add_middleware(Leaving)
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


class Watching(Delegating):
    async def __call__(self, scope, receive, send):
        await super().__call__(scope, receive, send)
        print(scope["path"])


app.add_middleware(Careful)
app.add_middleware(Delegating)
app.add_middleware(Watching)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield `__call__` methods that lose a scope."""
    for function in asgi_middleware(project):
        me = function.params[0].name
        forwarded = [call for call in function.body.calls if _is_own(call.func, me)]
        request = next((call for call in function.body.calls if _is_request(project, call, function)), None)
        left = [item for item in function.body.returns if _leaves_others(item)]
        last = function.node.body[-1]
        if not forwarded:
            message = f"{function.qualname} never calls the application that it wraps"
            answers = function.body.returns or mentions(function.node, {function.params[3].name})
            nodes = {} if answers else {"last": last, **({"request": request} if request is not None else {})}
            yield _sighting(function, function.node.body[0], message, nodes)
        elif left:
            message = f"{function.qualname} leaves what is not HTTP without a call of the application"
            yield _sighting(function, left[0], message, {f"left {number}": item for number, item in enumerate(left)})
        elif request is not None and not _looks_at_type(function):
            message = f"{function.qualname} makes a Request of every scope, also of lifespan and websocket"
            yield _sighting(function, request, message, {"request": request})


def _is_own(node: ast.expr, me: str) -> bool:
    """Return whether something of the object is called: the application, or a method that may call it."""
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) in (me, "super()")


def _is_request(project: Project, call: ast.Call, function: Function) -> bool:
    called = project.value(call.func, function)
    own = isinstance(called, Class) and project.inference.is_a(called, "fastapi.Request")
    return (own or called == "fastapi.Request") and any(
        isinstance(item, ast.Name) and item.id == function.params[1].name for item in call.args
    )


def _looks_at_type(function: Function) -> bool:
    read = any(text_of(item.slice) == "type" for item in function.body.subscripts)
    return read or any(text_of(item) == "type" for call in function.body.calls for item in call.args)


def _leaves_others(statement: ast.Return) -> bool:
    """Return whether a bare `return` is all that becomes of the scopes that are not HTTP."""
    block = parent(statement)
    if statement.value is not None or not isinstance(block, ast.If) or not isinstance(block.test, ast.Compare):
        return False
    if not any(isinstance(item, ast.Subscript) and text_of(item.slice) == "type" for item in ast.walk(block.test.left)):
        return False
    others = isinstance(block.test.ops[0], (ast.NotEq, ast.NotIn))
    is_http = any(text_of(item) == "http" for item in ast.walk(block.test.comparators[0]))
    waits = any(isinstance(item, ast.Await) for item in nodes_in(block.body))
    return statement in block.body and is_http is others and not waits


def _sighting(function: Function, node: ast.expr | ast.stmt, message: str, nodes: Mapping[str, ast.AST]) -> Sighting:
    return Sighting(
        module=function.module, function=function, node=node, severity="error", message=message, nodes=nodes
    )
