"""A handler for Exception, whose answers pass by CORSMiddleware."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import argument
from troubleshoot.code.topics.middleware import is_cors, layers

BROKEN = {
    "main.py": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://example.com"])


@app.exception_handler(Exception)
async def unexpected(request: Request, error: Exception):
    return JSONResponse({"detail": "internal error"}, status_code=500)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://example.com"])


@app.exception_handler(ValueError)
async def invalid(request: Request, error: ValueError):
    return JSONResponse({"detail": "invalid"}, status_code=422)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield handlers of Exception or 500 on applications with a CORS layer."""
    with_cors = {
        owner: layer.registration.call for owner, stack in layers(project).items() for layer in stack if is_cors(layer)
    }
    for item in project.registrations("handler"):
        handled = argument(item.call, 0, "exc_class_or_status_code")
        everything = project.path(handled, item.scope) in ("builtins.Exception", "starlette.status.HTTP_500")
        if (
            item.owner is not None
            and item.owner in with_cors
            and (everything or getattr(handled, "value", None) == 500)
        ):
            yield Sighting(
                module=item.scope.module,
                function=item.scope.function,
                node=item.call,
                severity="info",
                message="what this handler answers passes by CORSMiddleware, so a browser reports a CORS error instead",
                nodes={"cors": with_cors[item.owner]},
            )
