"""A receive loop that does not expect the client to leave."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, nesting
from troubleshoot.code.topics.websockets import catches, is_registered, socket_calls

BROKEN = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


class Manager:
    def __init__(self):
        self.active: list[WebSocket] = []

    async def connect(self, websocket: WebSocket):
        await websocket.accept()
        self.active.append(websocket)

    def disconnect(self, websocket: WebSocket):
        self.active.remove(websocket)


manager = Manager()


@app.websocket("/ws")
async def chat(websocket: WebSocket):
    await manager.connect(websocket)
    while True:
        text = await websocket.receive_text()
        await websocket.send_text(text)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket):
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except WebSocketDisconnect:
        print("left")


@app.websocket("/iter")
async def iterate(websocket: WebSocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


@app.websocket("/raw")
async def raw(websocket: WebSocket):
    await websocket.accept()
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            break
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the first receive in a loop around which nothing catches WebSocketDisconnect."""
    for function in project.called_as("websocket endpoint"):
        for name, call in socket_calls(project, function):
            loops = any(isinstance(around, (ast.While, ast.For)) for around in ancestors(call))
            if name in ("receive_text", "receive_bytes", "receive_json") and loops:
                if not _is_caught(project, call, function):
                    registered = is_registered(project, function)
                    yield Sighting(
                        module=function.module,
                        function=function,
                        node=call,
                        severity="warning" if registered else "info",
                        message=f"{function.qualname} ends with a traceback when its client leaves"
                        + (", and its socket stays registered" if registered else ""),
                    )
                break


def _is_caught(project: Project, call: ast.Call, function: Function) -> bool:
    for around, inside in nesting(call):
        handlers = around.handlers if isinstance(around, ast.Try) and inside in around.body else []
        if any(catches(project, handler, function, broad=True) for handler in handlers):
            return True
        if isinstance(around, (ast.With, ast.AsyncWith)) or (isinstance(around, ast.Try) and around.finalbody):
            return True
    return False
