"""CORSMiddleware inside a middleware that answers requests itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
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
            outer = next((item for item in stack[index + 1 :] if item.answers and not _sets_header(item)), None)
            if is_cors(layer) and outer is not None:
                yield Sighting(
                    module=layer.registration.scope.module,
                    function=layer.registration.scope.function,
                    node=layer.registration.call,
                    severity="warning",
                    message=f"{outer.name} is added after CORSMiddleware, so its own answers have no CORS headers",
                    nodes={"outermost": stack[-1].registration.call},
                )


def _sets_header(layer: Layer) -> bool:
    """Return whether a middleware answers browsers of other origins by itself."""
    value = layer.registration.value
    return isinstance(value, (Class, Function)) and any(
        isinstance(item, ast.Constant) and text_of(item).lower() == "access-control-allow-origin"
        for item in ast.walk(value.node)
    )
