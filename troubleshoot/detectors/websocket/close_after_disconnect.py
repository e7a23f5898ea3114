"""close() for a client that has left."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_within, nesting
from troubleshoot.code.topics.websockets import RECEIVES, catches, is_suppressed, socket_calls

STATES = (b"client_state", b"application_state")

BROKEN = {
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
        await websocket.close()


@app.websocket("/finally")
async def with_finally(websocket: WebSocket):
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except WebSocketDisconnect:
        print("left")
    finally:
        await websocket.close()


@app.websocket("/broad")
async def with_broad(websocket: WebSocket):
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except Exception as error:
        print(error)
    finally:
        await websocket.close()
""",
}
FIXED = {
    "main.py": """
from contextlib import suppress

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket):
    await websocket.accept()
    try:
        await websocket.send_text(await websocket.receive_text())
        await websocket.close()
    except WebSocketDisconnect:
        print("left")
    except ValueError:
        await websocket.close(code=1003)


@app.websocket("/sends")
async def only_sends(websocket: WebSocket):
    await websocket.accept()
    try:
        await websocket.send_text("hello")
    except Exception as error:
        print(error)
    finally:
        await websocket.close()


@app.websocket("/suppressed")
async def suppressed(websocket: WebSocket):
    await websocket.accept()
    try:
        await websocket.receive_text()
    except Exception as error:
        print(error)
    finally:
        with suppress(RuntimeError):
            await websocket.close()
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield closes that come after the disconnect."""
    for function in project.called_as("websocket endpoint"):
        if any(function.module.mentions(word) for word in STATES):
            continue
        for name, call in socket_calls(project, function):
            if name == "close" and not is_suppressed(call) and (when := _late(project, call, function)):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="warning",
                    message=f"{function.qualname} calls close() {when}",
                )


def _late(project: Project, call: ast.Call, function: Function) -> str:
    for around, inside in nesting(call):
        if isinstance(around, ast.ExceptHandler) and catches(project, around, function):
            several = isinstance(around.type, ast.Tuple)
            return "" if several else "when the client has already left"
        if isinstance(around, ast.Try):
            if inside in around.finalbody:
                receives = any(
                    name in RECEIVES and is_within(item, part)
                    for name, item in socket_calls(project, function)
                    for part in around.body
                )
                left = any(catches(project, handler, function, broad=receives) for handler in around.handlers)
                return "in finally, also after the client has left" if left else ""
            if inside in around.body and around.handlers:
                return ""
        if isinstance(around, ast.With) and any("suppress" in ast.unparse(item) for item in around.items):
            return ""
    return ""
