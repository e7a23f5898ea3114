"""add_middleware in code that runs when the application has started."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting

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
    """Yield add_middleware calls that start-up code or requests reach."""
    for reached in project.reach:
        function = reached.function
        for call in function.body.calls:
            if project.inference.path(call.func, reached.scope) == "fastapi.FastAPI().add_middleware":
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="error",
                    message=f"{function.qualname} adds a middleware when the application has already started",
                )
