"""A send that is not awaited, or that runs in a thread."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import parent
from troubleshoot.code.topics.websockets import SENDS, SOCKET

BROKEN = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


def notify(websocket: WebSocket):
    websocket.send_text("done")


@app.websocket("/ws")
async def chat(websocket: WebSocket):
    await websocket.accept()
    websocket.send_text("welcome")
    notify(websocket)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


import asyncio


@app.websocket("/ws")
async def chat(websocket: WebSocket):
    await websocket.accept()
    await websocket.send_text("welcome")
    task = asyncio.create_task(websocket.send_text("later"))
    await task
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield sends whose coroutine is dropped."""
    for function in project.functions:
        if not function.module.mentions(b"send"):
            continue
        for call in function.body.calls:
            if isinstance(parent(call), ast.Expr) or parent(call) is None:
                path = project.path(call.func, function)
                name = path.rpartition(".")[2]
                if path.startswith(f"{SOCKET}.") and name in SENDS | {"accept", "close"}:
                    yield Sighting(
                        module=function.module,
                        function=function,
                        node=call,
                        severity="error",
                        message=f"{function.qualname} calls {name}() without await, so nothing is sent",
                    )
