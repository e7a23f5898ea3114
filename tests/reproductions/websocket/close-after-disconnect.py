"""A close() in `finally` raises, both after the client has left and after the server has said goodbye."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"path": "/chat", "endpoint": "chat"}

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

    errors = []
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
            errors.append(server.wait_for_log("Exception in ASGI application", 1.0))
            if errors[-1]:
                assert ", in close" in server.log
    assert errors == [False, False]
