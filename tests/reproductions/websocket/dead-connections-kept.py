"""A socket that was not taken out of the list breaks the next broadcast, and throws out the one who writes."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}

# --- broken ---
from fastapi import APIRouter, WebSocket, WebSocketDisconnect


class ConnectionManager:
    def __init__(self) -> None:
        self.connections: list[WebSocket] = []

    async def broadcast(self, text: str) -> None:
        for connection in self.connections:
            await connection.send_text(text)


manager = ConnectionManager()
router = APIRouter()


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    manager.connections.append(websocket)
    try:
        while True:
            message = await websocket.receive_json()
            await manager.broadcast(message["text"])
    except WebSocketDisconnect:
        manager.connections.remove(websocket)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/connections")
async def count_connections() -> int:
    return len(manager.connections)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    from troubleshoot.testing import eventually, get

    with bench.server() as server:

        def count() -> str:
            return get(server.url("/connections"))[2]

        with connect(server.ws("/chat")) as first:
            assert eventually(lambda: count() == "1")
            first.send('{"no": "text"}')  # the handler fails with a KeyError
            try:
                first.recv(timeout=5)
            except ConnectionClosed:
                pass
        kept = not eventually(lambda: count() == "0", 1.0)
        with connect(server.ws("/chat")) as second, connect(server.ws("/chat")) as third:
            assert eventually(lambda: count() == ("3" if kept else "2"))
            second.send('{"text": "hello"}')
            try:
                received = [client.recv(timeout=2) for client in (second, third)]
            except (ConnectionClosed, TimeoutError):
                received = []
            if kept:
                assert not received
                assert count() == "2"  # the writer was removed instead of the dead socket
        assert not kept
        assert received == ["hello", "hello"]
