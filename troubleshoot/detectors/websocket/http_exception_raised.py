"""HTTPException in a WebSocket endpoint that has accepted."""

from __future__ import annotations

from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.topics.websockets import socket_calls

BROKEN = {
    "main.py": """
from fastapi import FastAPI, HTTPException, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket):
    await websocket.accept()
    if await websocket.receive_text() != "secret":
        raise HTTPException(status_code=401)
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


@app.get("/")
def read():
    raise HTTPException(status_code=404)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield `raise HTTPException` in WebSocket endpoints; after accept() it is an error for certain."""
    for function in project.called_as("websocket endpoint"):
        accepts = [call.lineno for name, call in socket_calls(project, function) if name == "accept"]
        for statement in function.body.raises:
            raised = getattr(statement.exc, "func", statement.exc)
            if project.path(raised, function) == "fastapi.HTTPException":
                late = any(line < statement.lineno for line in accepts)
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=statement,
                    severity="error" if late else "info",
                    message=f"{function.qualname} raises HTTPException, but a WebSocket has no HTTP answer",
                )
