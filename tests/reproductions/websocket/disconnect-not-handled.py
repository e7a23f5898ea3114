"""A client that leaves ends the endpoint with an exception, and its socket stays in the set of connections."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"path": "/chat", "endpoint": "chat"}

# --- broken ---
from fastapi import APIRouter, WebSocket

router = APIRouter()
connections: set[WebSocket] = set()


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    connections.add(websocket)
    while True:
        text = await websocket.receive_text()
        await websocket.send_text(f"received: {text}")
    connections.discard(websocket)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/connections")
async def count_connections() -> int:
    return len(connections)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.sync.client import connect

    with bench.server() as server:
        with connect(server.ws("/chat")) as client:
            client.send("hello")
            assert client.recv() == "received: hello"
        assert eventually(lambda: get(server.url("/connections"))[2] == "0")
    assert "WebSocketDisconnect" not in server.log
