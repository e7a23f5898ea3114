"""A thread calls send_text; no message arrives, and Python warns about a coroutine that was never awaited."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/alarms", "endpoint": "alarms"}

# --- broken ---
from fastapi import APIRouter, WebSocket

router = APIRouter()
connections: set[WebSocket] = set()


def publish_from_thread(text: str) -> None:
    for websocket in list(connections):
        websocket.send_text(text)


@router.websocket("/alarms")
async def alarms(websocket: WebSocket) -> None:
    await websocket.accept()
    connections.add(websocket)
    try:
        async for text in websocket.iter_text():
            await websocket.send_text(text)
    finally:
        connections.discard(websocket)


# --- application ---
import threading

from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.post("/alarm")
async def alarm(text: str) -> None:
    threading.Thread(target=publish_from_thread, args=(text,)).start()


# --- check ---
def check(bench: Bench) -> None:
    from websockets.sync.client import connect

    from troubleshoot.testing import get

    with bench.server() as server, connect(server.ws("/alarms"), close_timeout=0.5) as client:
        client.send("ready")
        assert client.recv(timeout=5) == "ready"
        assert get(server.url("/alarm?text=fire"), method="POST")[0] == 200
        try:
            received = client.recv(timeout=2)
        except TimeoutError:
            received = "nothing"
        if not bench.fixed:
            assert server.wait_for_log("coroutine 'WebSocket.send_text' was never awaited", 2.0)
        assert received == "fire"
        assert "never awaited" not in server.log
