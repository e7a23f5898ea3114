"""CORSMiddleware inside a middleware that answers requests itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import text_of
from troubleshoot.code.topics.middleware import Layer, is_cors, layers

BROKEN = {
    "main.py": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://example.com"])


@app.middleware("http")
async def check_key(request: Request, call_next):
    if "x-key" not in request.headers:
        return JSONResponse({"detail": "no key"}, status_code=401)
    return await call_next(request)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def check_key(request: Request, call_next):
    if "x-key" not in request.headers:
        return JSONResponse({"detail": "no key"}, status_code=401)
    return await call_next(request)


app.add_middleware(CORSMiddleware, allow_origins=["https://example.com"])


@app.middleware("http")
async def add_header(request: Request, call_next):
    response = await call_next(request)
    response.headers["x-app"] = "1"
    return response
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the CORS layers that stand inside one that answers."""
    for stack in layers(project).values():
        for index, layer in enumerate(stack):
            outer = next((item for item in stack[index + 1 :] if item.answers and not _needs_none(item)), None)
            if is_cors(layer) and outer is not None:
                yield Sighting(
                    module=layer.registration.scope.module,
                    function=layer.registration.scope.function,
                    node=layer.registration.call,
                    severity="warning",
                    message=f"{outer.name} is added after CORSMiddleware, so its own answers have no CORS headers",
                    nodes={"outermost": stack[-1].registration.call},
                )


def _needs_none(layer: Layer) -> bool:
    """Return whether a middleware that answers sets CORS headers itself, or passes on all but WebSockets."""
    nodes = list(ast.walk(layer.function.node)) if layer.function is not None else []
    return any(text_of(item).casefold().startswith("access-control-") for item in nodes) or any(
        isinstance(item, ast.If) and isinstance(item.body[-1], ast.Return) and _is_for_others(item.test)
        for item in nodes
    )


def _is_for_others(test: ast.expr) -> bool:
    """Return whether a condition holds for what is no WebSocket."""
    return any(
        isinstance(item, ast.Compare)
        and isinstance(item.ops[0], ast.NotEq)
        and text_of(item.comparators[0]) == "websocket"
        for item in ast.walk(test)
    )
