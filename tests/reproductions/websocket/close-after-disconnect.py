"""A close() in `finally` raises, both after the client has left and after the server has said goodbye."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"path": "/chat", "endpoint": "chat"}
CLOSE = "        await remember_last_seen()\n        await websocket.close()\n"
WRONG = {
    "client_state asked before": [
        (
            CLOSE,
            """        await remember_last_seen()
        if websocket.client_state.name == "CONNECTED":
            await websocket.close()
""",
        ),
    ],
    "WebSocketDisconnect expected around it": [
        (
            CLOSE,
            """        await remember_last_seen()
        try:
            await websocket.close()
        except WebSocketDisconnect:
            pass
""",
        ),
    ],
}

# --- broken ---
import asyncio

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()
connections: set[WebSocket] = set()


async def remember_last_seen() -> None:
    await asyncio.sleep(0.2)  # stands for a write to a database


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    connections.add(websocket)
    try:
        while True:
            text = await websocket.receive_text()
            if text == "bye":
                await websocket.close()
                break
            await websocket.send_text(f"received: {text}")
    except WebSocketDisconnect:
        pass
    finally:
        connections.discard(websocket)
        await remember_last_seen()
        await websocket.close()


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/connections")
async def count_connections() -> int:
    return len(connections)


# --- check ---
def check(bench: Bench) -> None:
    import pytest
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    logs = []
    for first in ("hello", "bye"):
        with bench.server() as server:
            with connect(server.ws("/chat")) as client:
                client.send(first)
                if first == "hello":
                    assert client.recv() == "received: hello"
                else:
                    with pytest.raises(ConnectionClosed) as closed:
                        client.recv(timeout=5)
                    assert closed.value.rcvd is not None
                    assert closed.value.rcvd.code == 1000
            assert eventually(lambda server=server: get(server.url("/connections"))[2] == "0")
        logs.append(server.log)  # the server has waited for its endpoints, so this is all
    failed = ["Exception in ASGI application" in log for log in logs]
    if not bench.fixed:
        assert all(", in close" in log for log in logs)
    assert failed == [False, False]
