"""HTTPException in a WebSocket endpoint that has accepted."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import short, tries
from troubleshoot.code.topics.exceptions import called_function, let_out
from troubleshoot.code.topics.websockets import socket_calls

CATCHING = (
    "fastapi.HTTPException",
    "starlette.exceptions.HTTPException",
    "builtins.Exception",
    "builtins.BaseException",
)

BROKEN = {
    "main.py": """
from fastapi import FastAPI, HTTPException, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket):
    await websocket.accept()
    if await websocket.receive_text() != "secret":
        raise HTTPException(status_code=401)
    find_room(await websocket.receive_text())


def find_room(name: str):
    if name != "lobby":
        raise HTTPException(404, f"no room {name}")


@app.websocket("/users")
async def users(websocket: WebSocket):
    await websocket.accept()
    load_user(await websocket.receive_text())


@app.get("/users/{name}")
def load_user(name: str):
    if name != "ann":
        raise HTTPException(404)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, HTTPException, WebSocketException, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket, token: str = ""):
    if not token:
        raise WebSocketException(code=1008)
    await websocket.accept()
    try:
        check(await websocket.receive_text())
    except HTTPException as error:
        await websocket.send_text(error.detail)


def check(text: str):
    if text != "secret":
        raise HTTPException(status_code=401)


@app.get("/{name}")
async def read(name: str):
    load(name)


def load(name: str):
    if name != "ann":
        raise HTTPException(404)


@app.websocket("/early")
async def early(websocket: WebSocket, name: str):
    load(name)
    await websocket.accept()
    try:
        load(await websocket.receive_text())
    except Exception as error:
        await websocket.send_text(str(error))
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield `raise HTTPException` in what only WebSocket endpoints call; after accept() it is an error for certain."""
    endpoints = list(project.called_as("websocket endpoint"))
    by_others = {reached.function for reached in project.reach if reached.role != "websocket endpoint"}
    for reached in project.reached_as("websocket endpoint"):
        function = reached.function
        if function in by_others and function not in endpoints:
            continue
        for statement in function.body.raises:
            raised = getattr(statement.exc, "func", statement.exc)
            if project.path(raised, function) != "fastapi.HTTPException" or _is_caught(project, statement, reached):
                continue
            late = _is_accepted(project, statement, reached)
            if not late and _accepts_later(project, reached):
                continue
            yield Sighting(
                module=function.module,
                function=function,
                node=statement,
                severity="error" if late else "info",
                message=f"{function.qualname} raises HTTPException, but a WebSocket has no HTTP answer",
                nodes={"raised": statement.exc} if late and statement.exc is not None else {},
            )
    for function in endpoints:
        yield from _below(project, function, by_others)


def _accepts_later(project: Project, reached: Reached) -> bool:
    """Return whether the endpoint accepts in plain sight: what is raised before is answered as an HTTP request is."""
    while reached.caller is not None:
        reached = reached.caller
    return any(name == "accept" for name, _ in socket_calls(project, reached.function))


def _below(project: Project, function: Function, by_others: set[Function]) -> Iterator[Sighting]:
    """Yield the calls after accept() of functions that answer HTTP requests too, and so raise HTTPException."""
    here = Reached(function, "websocket endpoint", "event loop")
    for call in function.body.calls:
        called = called_function(project, call, function)
        shared = called in by_others and _is_accepted(project, call, here) and not _is_caught(project, call, here)
        found = let_out(project, call, Scope.of(function)) if shared else None
        if found is not None:
            within, made = found
            yield Sighting(
                module=function.module,
                function=function,
                node=call,
                severity="error",
                message=f"{within.qualname}() may raise {short(made, 40)}, but a WebSocket has no HTTP answer",
            )


def _is_caught(project: Project, node: ast.AST, reached: Reached) -> bool:
    """Return whether a function on the way to the endpoint handles what is raised."""
    handlers = [handler for attempt in tries(node) for handler in attempt.handlers]
    if any(item.type is None or project.is_exception(item.type, reached.function, *CATCHING) for item in handlers):
        return True
    return reached.caller is not None and reached.call is not None and _is_caught(project, reached.call, reached.caller)


def _is_accepted(project: Project, node: ast.stmt | ast.Call, reached: Reached) -> bool:
    """Return whether the endpoint has accepted before it comes to a node in what it calls."""
    if reached.caller is not None and reached.call is not None:
        return _is_accepted(project, reached.call, reached.caller)
    accepts = [call.lineno for name, call in socket_calls(project, reached.function) if name == "accept"]
    return any(line < node.lineno for line in accepts)
