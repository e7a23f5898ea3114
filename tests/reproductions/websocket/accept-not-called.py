"""A connection manager registers the WebSocket, but nobody accepts it."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}
WRONG = {
    "accept() without await": [
        ("    connections.add(websocket)\n", "    websocket.accept()\n    connections.add(websocket)\n"),
    ],
    "accept() in a task": [
        (
            "    connections.add(websocket)\n",
            "    task = asyncio.create_task(websocket.accept())\n    connections.add(websocket)\n",
        ),
        ("from fastapi import APIRouter", "import asyncio\n\nfrom fastapi import APIRouter"),
    ],
    "accept() after the first message": [
        (
            "            text = await websocket.receive_text()\n",
            "            text = await websocket.receive_text()\n            await websocket.accept()\n",
        ),
    ],
}

# --- broken ---
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()
connections: set[WebSocket] = set()


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    connections.add(websocket)
    try:
        while True:
            text = await websocket.receive_text()
            await websocket.send_text(f"received: {text}")
    except WebSocketDisconnect:
        pass
    finally:
        connections.discard(websocket)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    status = 101
    with bench.server() as server:
        try:
            with connect(server.ws("/chat")) as client:
                client.send("hello")
                assert client.recv(timeout=5) == "received: hello"
        except InvalidStatus as error:
            status = error.response.status_code
            assert server.wait_for_log('Need to call "accept" first')
        assert status == 101
    assert "Exception in ASGI application" not in server.log
