"""A thread calls send_text; no message arrives, and Python warns about a coroutine that was never awaited."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/alarms", "endpoint": "alarms"}
SEND = "        websocket.send_text(text)\n"
WRONG = {
    "asyncio.run in the thread": [
        (SEND, "        asyncio.run(websocket.send_text(text))\n"),
        ("from fastapi import APIRouter", "import asyncio\n\nfrom fastapi import APIRouter"),
    ],
    "asyncio.create_task in the thread": [
        (SEND, "        asyncio.create_task(websocket.send_text(text))\n"),
        ("from fastapi import APIRouter", "import asyncio\n\nfrom fastapi import APIRouter"),
    ],
}

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


def raise_alarms() -> None:
    publish_from_thread("fire")
    for number in range(20):
        publish_from_thread(f"{number} " + "x" * 1_000_000)


@app.post("/alarms")
async def start_alarms() -> None:
    threading.Thread(target=raise_alarms).start()


# --- check ---
def check(bench: Bench) -> None:
    import contextlib

    from websockets.sync.client import connect

    from troubleshoot.testing import get

    options = {"compression": None, "close_timeout": 0.1, "ping_interval": None}
    with (
        bench.server() as server,
        connect(server.ws("/alarms"), max_queue=1, **options) as stalled,  # reads nothing after this
        connect(server.ws("/alarms"), **options) as client,
    ):
        for socket in (stalled, client):
            socket.send("ready")
            assert socket.recv(timeout=10) == "ready"
        assert get(server.url("/alarms"), method="POST")[0] == 200
        received = []
        with contextlib.suppress(TimeoutError):
            while len(received) < 21:
                received += [word for word in client.recv(timeout=3).split()[:1] if word != "ready"]
        if not bench.fixed:
            assert server.wait_for_log("coroutine 'WebSocket.send_text' was never awaited", 2.0)
        assert received == ["fire", *map(str, range(20))]
        assert "never awaited" not in server.log
