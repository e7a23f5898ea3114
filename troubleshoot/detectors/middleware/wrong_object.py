"""An instance or a dispatch function where a middleware class belongs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Instance
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, short

BROKEN = {
    "main.py": """
from fastapi import FastAPI, Request
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()


class Timing(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        return await call_next(request)


async def measure(request: Request, call_next):
    return await call_next(request)


app.add_middleware(Timing(app))
app.add_middleware(measure)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, Request
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()


class Timing(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        return await call_next(request)


async def measure(request: Request, call_next):
    return await call_next(request)


def wrap(app, level: int = 1):
    return app


app.add_middleware(Timing)
app.add_middleware(BaseHTTPMiddleware, dispatch=measure)
app.add_middleware(wrap, level=2)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what is no class, nor a function that takes the application."""
    for item in project.registrations("middleware"):
        given = argument(item.call, 0, "middleware_class")
        made = isinstance(item.value, Instance) or (isinstance(given, ast.Call) and isinstance(item.value, str))
        if given is None or isinstance(item.value, Function) is made or not isinstance(item.call.func, ast.Attribute):
            continue
        decorated = item.call.func.attr == "middleware"
        if made or (isinstance(item.value, Function) and item.value.is_async and not decorated):
            what = "an instance" if made else "a function of request and call_next"
            yield Sighting(
                module=item.scope.module,
                function=item.scope.function,
                node=item.call,
                severity="error",
                message=f"add_middleware gets {what}, {short(given)}, where it wants a class",
                nodes={} if made else {"dispatch": given},
            )
