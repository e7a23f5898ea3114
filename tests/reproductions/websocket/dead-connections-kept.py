"""A socket that was not taken out of the list breaks the next broadcast, and throws out the one who writes."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}
SEND = "            await connection.send_text(text)\n"
FORGET = """    except WebSocketDisconnect:
        manager.connections.remove(websocket)
"""
WRONG = {
    "client_state asked before each send": [
        (SEND, "            if connection.client_state == WebSocketState.CONNECTED:\n    " + SEND),
        (
            "from fastapi import APIRouter",
            "from starlette.websockets import WebSocketState\n\nfrom fastapi import APIRouter",
        ),
    ],
    "`finally`, but a failing send still ends the broadcast": [
        (FORGET, "    finally:\n        manager.connections.remove(websocket)\n"),
    ],
    "every exception taken for a disconnect": [
        (FORGET, FORGET.replace("WebSocketDisconnect", "Exception")),
        (SEND, f"            try:\n    {SEND}            except Exception:\n                pass\n"),
    ],
}

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


@app.websocket("/forgotten")
async def forget(websocket: WebSocket) -> None:
    """Leave a dead socket behind, as an endpoint does that has not noticed yet that its client is gone."""
    await websocket.accept()
    manager.connections = type(manager.connections)([websocket, *manager.connections])


@app.get("/connections")
async def count_connections() -> int:
    return len(manager.connections)


# --- check ---
def check(bench: Bench) -> None:
    from contextlib import suppress

    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    from troubleshoot.testing import eventually, get

    with bench.server() as server:

        def count() -> str:
            return get(server.url("/connections"))[2]

        def lose(path: str, message: str) -> None:
            """Open a connection, send what makes its endpoint end, and wait for the end."""
            with connect(server.ws(path)) as client, suppress(ConnectionClosed):
                client.send(message)
                client.recv(timeout=5)

        lose("/chat", '{"no": "text"}')
        assert server.wait_for_log("KeyError: 'text'"), "a mistake of the handler has to show"
        kept = not eventually(lambda: count() == "0", 5.0 if bench.fixed else 0.5)
        assert kept is not bench.fixed
        if bench.fixed:
            lose("/forgotten", "hello")
            assert eventually(lambda: count() == "1")
        with connect(server.ws("/chat")) as second, connect(server.ws("/chat")) as third:
            assert eventually(lambda: count() == "3")
            second.send('{"text": "hello"}')
            received = []
            with suppress(ConnectionClosed, TimeoutError):
                received += [client.recv(timeout=3) for client in (second, third)]
            # On the broken side it is the writer who was removed, instead of the dead socket.
            assert eventually(lambda: count() == "2")
        assert received == ["hello", "hello"]
