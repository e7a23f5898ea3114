"""The server answers no ping while the handler works, so the connection is closed with 1011."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/jobs", "endpoint": "jobs"}
SEND = "            await websocket.send_text(compute(text))\n"
WRONG = {
    "the work in a thread, while nobody receives": [
        (SEND, SEND.replace("compute(text)", "await asyncio.to_thread(compute, text)")),
        ("import time\n", "import asyncio\nimport time\n"),
    ],
    "giving way once before it": [
        (SEND, "            await asyncio.sleep(0)\n" + SEND),
        ("import time\n", "import asyncio\nimport time\n"),
    ],
}

# --- broken ---
import time

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()


def compute(text: str) -> str:
    time.sleep(3)
    return f"result of {text}"


@router.websocket("/jobs")
async def jobs(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            await websocket.send_text(compute(text))
    except WebSocketDisconnect:
        pass


# --- application ---
import asyncio

from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.websocket("/awaits")
async def awaits(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await asyncio.sleep(3)
        await websocket.send_text(text)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    def answer(url: str, **options: float) -> str:
        """Send two messages, one right behind the other, and return the answer to the first."""
        try:
            with connect(url, close_timeout=0.2, **options) as client:
                client.send("one")
                client.send("two")
                return str(client.recv(timeout=8))
        except ConnectionClosed as closed:
            return str(closed)

    with bench.server("--ws-ping-interval", "0.5", "--ws-ping-timeout", "1.5") as server:
        if not bench.fixed:
            # Without blocking, but with a message that waits to be received, it is the server that gives up.
            assert "received 1011 (internal error) keepalive ping timeout" in answer(server.ws("/awaits"))
        first = answer(server.ws("/jobs"), ping_interval=0.5, ping_timeout=1.5)
        if not bench.fixed:
            assert "sent 1011 (internal error) keepalive ping timeout" in first
        assert first == "result of one"
