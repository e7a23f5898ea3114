"""A route registered with `websocket_route` has neither the prefix nor the dependencies of its router."""

from troubleshoot.testing import Bench

PARAMETERS = {"prefix": "/api", "path": "/ws", "endpoint": "chat"}
WRONG = {
    "prefix and dependencies given to include_router": [
        ('APIRouter(prefix="/api", dependencies=[Depends(require_token)])', "APIRouter()"),
        (
            "app.include_router(router)",
            'app.include_router(router, prefix="/api", dependencies=[Depends(require_token)])',
        ),
    ],
    "the dependency among the function's parameters": [
        (
            "async def chat(websocket: WebSocket)",
            "async def chat(websocket: WebSocket, _: None = Depends(require_token))",
        ),
        ('websocket_route("/ws")', 'websocket_route("/api/ws")'),
    ],
}

# --- broken ---
import os
from typing import Annotated

from fastapi import APIRouter, Depends, Query, WebSocket, WebSocketDisconnect, WebSocketException


async def require_token(token: Annotated[str, Query()] = "") -> None:
    if token != os.environ["WEBSOCKET_TOKEN"]:
        raise WebSocketException(code=1008)


router = APIRouter(prefix="/api", dependencies=[Depends(require_token)])


@router.websocket_route("/ws")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            await websocket.send_text(f"received: {text}")
    except WebSocketDisconnect:
        pass


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with bench.server(env={"WEBSOCKET_TOKEN": "secret"}) as server:

        def answer(path: str) -> str | int:
            try:
                with connect(server.ws(path)) as client:
                    client.send("hello")
                    return client.recv(timeout=5)
            except InvalidStatus as error:
                return error.response.status_code

        answers = {path: answer(path) for path in ("/api/ws?token=secret", "/api/ws?token=wrong", "/ws")}
        assert answers == {"/api/ws?token=secret": "received: hello", "/api/ws?token=wrong": 403, "/ws": 403}
