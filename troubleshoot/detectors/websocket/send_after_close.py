"""Code that goes on using a socket that it has closed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, parent
from troubleshoot.code.topics.websockets import RECEIVES, SENDS, socket_calls

LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)

BROKEN = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket, token: str = ""):
    if not token:
        await websocket.close(code=1008)
    await websocket.accept()
    await websocket.send_text("welcome")


@app.websocket("/bye")
async def bye(websocket: WebSocket):
    await websocket.accept()
    await websocket.close()
    await websocket.send_text("bye")
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket, token: str = ""):
    if not token:
        await websocket.close(code=1008)
        return
    await websocket.accept()
    while True:
        text = await websocket.receive_text()
        if text == "quit":
            await websocket.close()
            break
        await websocket.send_text(text)


@app.websocket("/either")
async def either(websocket: WebSocket, token: str = ""):
    await websocket.accept()
    if token:
        await websocket.send_text("welcome")
    else:
        await websocket.close()
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the closes after which the same run of the function uses the socket."""
    for function in project.called_as("websocket endpoint"):
        calls = socket_calls(project, function)
        uses = [call for name, call in calls if name in RECEIVES | SENDS | {"accept"}]
        for name, call in calls:
            if name == "close" and _goes_on(call, uses, function):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="error",
                    message=f"{function.qualname} goes on using the socket after close(); a return is missing",
                )


def _goes_on(call: ast.Call, uses: list[ast.Call], function: Function) -> bool:
    inside: ast.AST = call
    around = parent(call)
    while around is not None:
        for block in (getattr(around, name, None) for name in ("body", "orelse", "finalbody")):
            if isinstance(block, list) and inside in block:
                for statement in block[block.index(inside) + 1 :]:
                    if isinstance(statement, LEAVING):
                        return False
                    if any(statement in ancestors(use) for use in uses):
                        return True
        if isinstance(around, (ast.While, ast.For, ast.ExceptHandler, ast.Try)):
            return False
        inside, around = around, parent(around)
    return _after(inside, uses, function)


def _after(inside: ast.AST, uses: list[ast.Call], function: Function) -> bool:
    """Return whether a later statement of the function itself uses the socket."""
    statements = function.node.body
    if inside not in statements:
        return False
    for statement in statements[statements.index(inside) + 1 :]:
        if isinstance(statement, LEAVING):
            return False
        if any(statement in ancestors(use) for use in uses):
            return True
    return False
