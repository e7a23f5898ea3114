"""A connection manager registers the WebSocket, but nobody accepts it."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}

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
        assert not server.wait_for_log("Exception in ASGI application", 0.5)
