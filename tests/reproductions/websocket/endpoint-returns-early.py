"""The endpoint registers the WebSocket and returns; the connection is closed before anything is sent."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/news", "endpoint": "news"}

# --- broken ---
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()
connections: set[WebSocket] = set()


async def notify(text: str) -> None:
    for websocket in list(connections):
        try:
            await websocket.send_text(text)
        except WebSocketDisconnect:
            connections.discard(websocket)


@router.websocket("/news")
async def news(websocket: WebSocket) -> None:
    await websocket.accept()
    connections.add(websocket)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.post("/notify")
async def notify_all(text: str) -> int:
    await notify(text)
    return len(connections)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    from troubleshoot.testing import eventually, get

    with bench.server() as server:
        received: str | bytes | None = None
        with connect(server.ws("/news")) as client:
            try:
                client.recv(timeout=0.7)
            except TimeoutError:
                assert get(server.url("/notify?text=hello"), method="POST")[2] == "1"
                received = client.recv(timeout=5)
            except ConnectionClosed:
                assert get(server.url("/notify?text=hello"), method="POST")[2] == "0"
        assert "Exception in ASGI application" not in server.log
        assert received == "hello"
        assert eventually(lambda: get(server.url("/notify?text=more"), method="POST")[2] == "0")
