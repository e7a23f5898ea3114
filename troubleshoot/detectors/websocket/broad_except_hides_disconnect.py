"""A receive loop that catches everything and goes on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, nodes_in, tries
from troubleshoot.code.topics.websockets import RECEIVES, catches, socket_calls

BROKEN = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket):
    await websocket.accept()
    while True:
        try:
            await websocket.send_text(await websocket.receive_text())
        except Exception as error:
            print(error)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket):
    await websocket.accept()
    while True:
        try:
            await websocket.send_text(await websocket.receive_text())
        except WebSocketDisconnect:
            break
        except Exception as error:
            print(error)


@app.websocket("/breaks")
async def breaks(websocket: WebSocket):
    await websocket.accept()
    while True:
        try:
            await websocket.send_text(await websocket.receive_text())
        except Exception as error:
            print(error)
            break
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield handlers inside a loop that swallow the disconnect."""
    for function in project.called_as("websocket endpoint"):
        receives = [call for name, call in socket_calls(project, function) if name in RECEIVES]
        for attempt in function.body.tries:
            looped = any(isinstance(around, (ast.While, ast.For)) for around in ancestors(attempt))
            if not looped or not any(attempt in tries(call) for call in receives):
                continue
            handler = _first(project, attempt, function)
            if handler is not None and not _leaves(handler):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=handler,
                    severity="error",
                    message=f"{function.qualname} catches the disconnect here and receives again, for ever",
                )


def _first(project: Project, attempt: ast.Try, function: Function) -> ast.ExceptHandler | None:
    """Return the handler that gets a disconnect, if it is a broad one."""
    for handler in attempt.handlers:
        if catches(project, handler, function):
            return None
        if catches(project, handler, function, broad=True):
            return handler
    return None


def _leaves(handler: ast.ExceptHandler) -> bool:
    nodes = list(nodes_in(handler.body))
    return any(isinstance(item, (ast.Break, ast.Return, ast.Raise)) for item in nodes)
