"""add_middleware in code that runs when the application has started."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.inference.arguments import arguments
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import is_name

BROKEN = {
    "main.py": """
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.add_middleware(GZipMiddleware)
    yield


app = FastAPI(lifespan=lifespan)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware


def create_app() -> FastAPI:
    app = FastAPI()
    app.add_middleware(GZipMiddleware)
    return app


app = create_app()
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield add_middleware calls that start-up code or requests reach, on an application that was there before."""
    for reached in project.reach:
        function = reached.function
        for call in function.body.calls:
            if (
                isinstance(call.func, ast.Attribute)
                and project.path(call.func, reached.scope) == "fastapi.FastAPI().add_middleware"
                and not _is_new(project, call.func.value, reached)
            ):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="error",
                    message=f"{function.qualname} adds a middleware when the application has already started",
                )


def _is_new(project: Project, node: ast.expr, reached: Reached) -> bool:
    """Return whether an application is made on the same way: here, by who calls, or with the object that keeps it."""
    function = reached.function
    if isinstance(node, ast.Name) and node.id in function.body.assigned:
        return all(_is_made(project, value, reached.scope) for value in function.body.assigned[node.id])
    if isinstance(node, ast.Name) and reached.caller is not None and reached.call is not None:
        called = project.value(reached.call.func, reached.caller.scope)
        given = arguments(called, function, reached.call).get(node.id) if called is not None else None
        return given is not None and _is_new(project, given, reached.caller)
    if isinstance(node, ast.Attribute) and function.owner is not None and is_name(node.value, function.params[0].name):
        value, method = function.owner.attributes.get(node.attr, (None, None))
        is_reached = method is not None and (method, reached.place) in project.reach.found
        return is_reached and _is_made(project, value, Scope(function.module, method))
    return False


def _is_made(project: Project, node: ast.expr | None, scope: Scope) -> bool:
    return isinstance(node, ast.Call) and project.path(node.func, scope) == "fastapi.FastAPI"
