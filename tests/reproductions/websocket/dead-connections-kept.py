"""A socket whose client has left stays in the manager, and the next broadcast fails before it reaches the others."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"path": "/chat", "endpoint": "chat"}

# --- broken ---
from fastapi import APIRouter, WebSocket, WebSocketDisconnect


class ConnectionManager:
    def __init__(self) -> None:
        self.connections: list[WebSocket] = []

    async def connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        self.connections.append(websocket)

    async def broadcast(self, text: str) -> None:
        for connection in self.connections:
            await connection.send_text(text)


manager = ConnectionManager()
router = APIRouter()


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await manager.connect(websocket)
    try:
        while True:
            await manager.broadcast(await websocket.receive_text())
    except WebSocketDisconnect:
        pass


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/connections")
async def count_connections() -> int:
    return len(manager.connections)


# --- check ---
def check(bench: Bench) -> None:
    import time

    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import ClientConnection, connect

    def received(client: ClientConnection) -> str | bytes | None:
        try:
            return client.recv(timeout=2)
        except (TimeoutError, ConnectionClosed):
            return None

    with bench.server() as server:
        with connect(server.ws("/chat")) as leaving:
            leaving.send("first")
            assert received(leaving) == "first"
        time.sleep(0.5)  # until the server has noticed
        with connect(server.ws("/chat")) as sender, connect(server.ws("/chat")) as listener:
            eventually(lambda: get(server.url("/connections"))[2] == ("2" if bench.fixed else "3"), 2)
            sender.send("hello")
            assert received(listener) == "hello", "the broadcast did not reach a client that is connected"
            assert received(sender) == "hello"
            assert get(server.url("/connections"))[2] == "2"
