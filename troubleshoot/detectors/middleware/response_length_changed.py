"""A changed body with the old headers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, last_name, nodes_in, statement_of, text_of
from troubleshoot.code.topics.middleware import http_middleware

BROKEN = {
    "main.py": """
import json

from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.middleware("http")
async def wrap(request: Request, call_next):
    response = await call_next(request)
    body = b""
    async for chunk in response.body_iterator:
        body += chunk
    data = {"data": json.loads(body)}
    return Response(json.dumps(data), status_code=response.status_code, headers=dict(response.headers))
""",
}
FIXED = {
    "main.py": """
import json

from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.middleware("http")
async def unchanged(request: Request, call_next):
    response = await call_next(request)
    body = b""
    async for chunk in response.body_iterator:
        body += chunk
    return Response(content=body, status_code=response.status_code, headers=dict(response.headers))


@app.middleware("http")
async def wrap(request: Request, call_next):
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(json.dumps({"data": json.loads(body)}), status_code=response.status_code, headers=headers)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield responses made of other content and the headers of the first one."""
    for function in http_middleware(project):
        texts = (text_of(item).lower() for item in nodes_in(function.node.body))
        if function.module.mentions(b"ontent-") and any(text == "content-length" for text in texts):
            continue
        for call in function.body.calls:
            name = last_name(call.func)
            content, headers = argument(call, 0, "content"), argument(call, 2, "headers")
            if not name.endswith("Response") or headers is None or content is None:
                continue
            if _are_all_headers(headers, function) and _is_changed(content, function):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="error",
                    message=f"{function.qualname} sends another body with the Content-Length of the first one",
                    nodes=_removable(headers, call),
                )


def _removable(headers: ast.expr, call: ast.Call) -> dict[str, ast.AST]:
    """Return the headers of the first response, and the statement before which their length can be taken out."""
    inner = headers.args[0] if isinstance(headers, ast.Call) else headers
    statement = statement_of(call)
    if statement is None or not isinstance(inner, ast.Attribute) or inner.attr != "headers":
        return {}
    return {"headers": inner, "statement": statement}


def _are_all_headers(node: ast.expr, function: Function) -> bool:
    if isinstance(node, ast.Name):
        return any(_are_all_headers(value, function) for value in function.body.assigned.get(node.id, ()))
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("dict", "MutableHeaders") and node.args:
        return _are_all_headers(node.args[0], function)
    return isinstance(node, ast.Attribute) and node.attr in ("headers", "raw_headers")


def _is_changed(node: ast.expr, function: Function) -> bool:
    """Return whether content is anything but the collected body."""
    if isinstance(node, ast.Name):
        return any(_is_changed(value, function) for value in function.body.assigned.get(node.id, ()))
    if isinstance(node, ast.Call):
        joins = isinstance(node.func, ast.Attribute) and node.func.attr == "join"
        return not joins and getattr(node.func, "id", "") != "bytes"
    return isinstance(node, (ast.JoinedStr, ast.BinOp, ast.Dict))
