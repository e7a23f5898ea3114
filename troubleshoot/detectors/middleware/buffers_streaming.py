"""A middleware that collects the whole response before it passes it on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import text_of
from troubleshoot.code.topics.middleware import http_middleware

BROKEN = {
    "main.py": """
from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.middleware("http")
async def log_body(request: Request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    print(len(body))
    return Response(body, response.status_code, dict(response.headers))
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.middleware("http")
async def count(request: Request, call_next):
    response = await call_next(request)
    original = response.body_iterator

    async def counted():
        async for chunk in original:
            print(len(chunk))
            yield chunk

    response.body_iterator = counted()
    return response


@app.middleware("http")
async def log_json(request: Request, call_next):
    response = await call_next(request)
    if response.headers.get("Content-Type") != "application/json":
        return response
    body = b"".join([chunk async for chunk in response.body_iterator])
    print(body)
    return Response(body, response.status_code, dict(response.headers))
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield loops over `response.body_iterator` in a middleware itself, unless it asks for the type of the content."""
    for function in http_middleware(project):
        if any(_asks_for_type(item.test) for item in ast.walk(function.node) if isinstance(item, ast.If)):
            continue
        over: list[ast.expr] = [loop.iter for loop in function.body.loops if not isinstance(loop, ast.While)]
        over += [item.generators[0].iter for item in function.body.comprehensions]  # type: ignore[attr-defined]
        for node in over:
            if isinstance(node, ast.Attribute) and node.attr == "body_iterator":
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=node,
                    severity="info",
                    message=f"{function.qualname} collects the whole response, so streams arrive late",
                )


def _asks_for_type(test: ast.expr) -> bool:
    return any(text_of(item).lower() == "content-type" for item in ast.walk(test))
