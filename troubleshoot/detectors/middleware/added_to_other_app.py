"""Middleware on a router, which has none."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting

BROKEN = {
    "main.py": """
from fastapi import APIRouter
from fastapi.middleware.gzip import GZipMiddleware

router = APIRouter()
router.add_middleware(GZipMiddleware)


@router.middleware("http")
async def measure(request, call_next):
    return await call_next(request)
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
            )
