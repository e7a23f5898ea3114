"""A WebSocket that wants a header which no browser can send."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting

BROKEN = {
    "main.py": """
from fastapi import FastAPI, Header, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket, authorization: str = Header()):
    await websocket.accept()
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket, token: str):
    await websocket.accept()
    print(websocket.headers.get("origin"))
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield parameters of WebSocket endpoints that are headers of a login."""
    for function in project.called_as("websocket endpoint"):
        for param in function.params:
            nodes = [param.default, *(ast.walk(param.annotation) if param.annotation is not None else ())]
            calls = [item for item in nodes if isinstance(item, ast.Call)]
            header = next((item for item in calls if project.path(item.func, function) == "fastapi.Header"), None)
            if header is not None and param.name in ("authorization", "x_token", "x_api_key", "token"):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=header,
                    severity="warning",
                    message=f"{function.qualname} wants the header {param.name}, which a browser cannot set",
                )
