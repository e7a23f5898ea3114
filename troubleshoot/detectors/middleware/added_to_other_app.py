"""Middleware on a router, which has none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.parts import Origin
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module

BROKEN = {
    "main.py": """
from fastapi import APIRouter, FastAPI
from fastapi.middleware.gzip import GZipMiddleware

router = APIRouter()
router.add_middleware(GZipMiddleware)


@router.middleware("http")
async def measure(request, call_next):
    return await call_next(request)


app = FastAPI()
app.include_router(router)
""",
}
FIXED = {
    "main.py": """
from fastapi import APIRouter, FastAPI
from fastapi.middleware.gzip import GZipMiddleware

router = APIRouter()
app = FastAPI()
app.include_router(router)
app.add_middleware(GZipMiddleware)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield middleware that is added to a router."""
    routers = {item.owner for item in project.registrations("router made")}
    for item in project.registrations("middleware"):
        if item.owner is not None and item.owner in routers:
            yield Sighting(
                module=item.scope.module,
                function=item.scope.function,
                node=item.call,
                severity="error",
                message=f"{item.owner[1]} is an APIRouter, and only an application can have middleware",
                nodes=_including(project, item.owner, item.scope.module),
            )


def _including(project: Project, router: Origin, module: Module) -> dict[str, ast.AST]:
    """Return the call that includes a router, if there is one alone, in the same file and of an application."""
    applications = {item.owner for item in project.registrations("app")}
    calls = [item for item in project.registrations("router") if item.other == router]
    if len(calls) != 1 or calls[0].owner not in applications or calls[0].scope != Scope(module):
        return {}
    return {"including": calls[0].call}
