"""A WebSocket endpoint that receives or sends, and never accepts."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.topics.websockets import RECEIVES, SENDS, socket_calls, sockets_passed_on

MOST_STEPS = 5

BROKEN = {
    "main.py": """
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/echo")
async def echo(websocket: WebSocket):
    text = await websocket.receive_text()
    await websocket.send_text(text)
"""
}
FIXED = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI, WebSocket

app = FastAPI()


class Manager:
    async def connect(self, websocket: WebSocket):
        await websocket.accept()


manager = Manager()


@app.websocket("/echo")
async def echo(websocket: WebSocket):
    await websocket.accept()
    await websocket.send_text(await websocket.receive_text())


@app.websocket("/managed")
async def managed(websocket: WebSocket):
    await manager.connect(websocket)
    await websocket.send_text("welcome")


async def accepted(websocket: WebSocket):
    await websocket.accept()
    return websocket


@app.websocket("/injected")
async def injected(websocket: WebSocket, same: Annotated[WebSocket, Depends(accepted)]):
    await websocket.send_text("welcome")
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the first use of a socket that nobody has accepted."""
    for function in project.called_as("websocket endpoint"):
        calls = socket_calls(project, function)
        used = [call for name, call in calls if name in RECEIVES | SENDS]
        if used and not _may_accept(project, function):
            yield Sighting(
                module=function.module,
                function=function,
                node=used[0],
                severity="error",
                message=f"{function.name} uses its WebSocket, but never calls accept()",
            )


def _may_accept(project: Project, function: Function, depth: int = 0) -> bool:
    """Return whether a function accepts its socket, leaves that to another one, or depends on one that does."""
    if any(name == "accept" for name, _ in socket_calls(project, function)) or sockets_passed_on(project, function):
        return True
    depends = [use.value for use in project.dependencies_of(function)]
    return depth < MOST_STEPS and any(
        isinstance(value, Function) and _may_accept(project, value, depth + 1) for value in depends
    )
