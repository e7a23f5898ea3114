"""A task that waits for the disconnect swallows messages that were meant for the main loop."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}

# --- broken ---
import asyncio

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()


async def watch(websocket: WebSocket) -> None:
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    watcher = asyncio.create_task(watch(websocket))
    try:
        while True:
            text = await websocket.receive_text()
            await websocket.send_text(f"received: {text}")
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        watcher.cancel()


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import contextlib
    import time

    from websockets.sync.client import connect

    with bench.server() as server, connect(server.ws("/chat"), close_timeout=0.5) as client:
        for number in range(10):
            client.send(str(number))
            time.sleep(0.1)
        answers = []
        with contextlib.suppress(TimeoutError):
            while len(answers) < 10:
                answers.append(client.recv(timeout=1.5))
        if not bench.fixed:
            assert "received: 0" in answers
            assert "Exception" not in server.log  # the others vanish without an error
        assert answers == [f"received: {number}" for number in range(10)]
