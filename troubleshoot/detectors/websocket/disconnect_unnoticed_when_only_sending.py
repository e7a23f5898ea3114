"""An endpoint that sends for ever and never receives."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import ancestors
from troubleshoot.code.topics.websockets import RECEIVES, SENDS, socket_calls, sockets_passed_on

BROKEN = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


import asyncio


@app.websocket("/ticks")
async def ticks(websocket: WebSocket):
    await websocket.accept()
    while True:
        await websocket.send_text("tick")
        await asyncio.sleep(1)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


import asyncio


@app.websocket("/ticks")
async def ticks(websocket: WebSocket):
    await websocket.accept()
    while True:
        await websocket.send_text("tick")
        await websocket.receive_text()


@app.websocket("/three")
async def three(websocket: WebSocket):
    await websocket.accept()
    for _ in range(3):
        await websocket.send_text("tick")
        await asyncio.sleep(1)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the send in an endless loop of an endpoint that never receives."""
    for function in project.called_as("websocket endpoint"):
        calls = socket_calls(project, function)
        if any(name in RECEIVES for name, _ in calls) or sockets_passed_on(project, function) or function.functions:
            continue
        for name, call in calls:
            if name in SENDS and any(isinstance(around, ast.While) for around in ancestors(call)):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="info",
                    message=f"{function.qualname} never receives, so it notices late or never that its client has left",
                )
                break
