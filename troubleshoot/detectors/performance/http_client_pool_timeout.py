"""A response of httpx that is opened as a stream, and never closed or read at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import keyword, parent

SENDS = tuple(f"{library}.{client}().send" for library in ("httpx", "httpx2") for client in ("AsyncClient", "Client"))
BROKEN = {
    "main.py": """
import httpx
from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse

app = FastAPI()
client = httpx.AsyncClient()


@app.get("/files/{name}")
async def pass_on(name: str):
    upstream = await client.send(client.build_request("GET", f"http://files/{name}"), stream=True)
    if upstream.is_error:
        raise HTTPException(502)
    return StreamingResponse(upstream.aiter_raw())
"""
}
FIXED = {
    "main.py": """
import httpx
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask

app = FastAPI()
client = httpx.AsyncClient()


@app.get("/files/{name}")
async def pass_on(name: str):
    upstream = await client.send(client.build_request("GET", f"http://files/{name}"), stream=True)
    return StreamingResponse(upstream.aiter_raw(), background=BackgroundTask(upstream.aclose))


@app.get("/other")
async def other():
    upstream = await client.send(client.build_request("GET", "http://files/other"), stream=True)
    return hand_on(upstream)


@app.get("/whole")
async def whole():
    answer = await client.send(client.build_request("GET", "http://files/whole"))
    return answer.text


def hand_on(upstream):
    return StreamingResponse(upstream.aiter_raw(), background=BackgroundTask(upstream.aclose))
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield streamed responses that stay in their function, and of which only headers, status or pieces are used."""
    for function in project.functions:
        for call in function.body.calls:
            streamed = keyword(call, "stream")
            if not isinstance(streamed, ast.Constant) or streamed.value is not True:
                continue
            if project.path(call.func, function) not in SENDS:
                continue
            name = _assigned_to(call)
            if name and not _may_be_closed(function, name):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="warning",
                    message=f"{name} is opened as a stream, and nothing closes it on an early exit",
                )


def _assigned_to(call: ast.Call) -> str:
    around = parent(call)
    statement = parent(around) if isinstance(around, ast.Await) else around
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    return ""


def _may_be_closed(function: Function, name: str) -> bool:
    """Return whether the response is closed, read as a whole, or handed on to somebody who may do so."""
    for node in ast.walk(function.node):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            around = parent(node)
            if not isinstance(around, ast.Attribute) or around.attr in ("aclose", "close", "aread", "read"):
                return True
    return False
