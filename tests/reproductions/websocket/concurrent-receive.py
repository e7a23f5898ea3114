"""A task that waits for the disconnect swallows messages that were meant for the main loop."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}
RECEIVE = "            text = await websocket.receive_text()\n"
WRONG = {
    "a lock around each receive": [
        (
            """    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass
""",
            """    while True:
        async with lock:
            if (await websocket.receive())["type"] == "websocket.disconnect":
                return
""",
        ),
        (RECEIVE, "            async with lock:\n    " + RECEIVE),
        ("router = APIRouter()", "router = APIRouter()\nlock = asyncio.Lock()"),
    ],
    "the loop receives with a time limit, again and again": [
        (
            RECEIVE,
            """            try:
                text = await asyncio.wait_for(websocket.receive_text(), 0.05)
            except TimeoutError:
                continue
""",
        ),
    ],
}

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
    from websockets.sync.client import connect

    with bench.server() as server:
        with connect(server.ws("/chat"), close_timeout=0.5) as client:
            answers = []
            for number in range(10):
                client.send(str(number))
                try:
                    answers.append(client.recv(timeout=3))
                except TimeoutError:
                    break
            if not bench.fixed:
                assert answers == ["received: 0"]  # the loop waits first, then the watcher
                assert "Exception" not in server.log  # what follows vanishes without an error
            assert answers == [f"received: {number}" for number in range(10)]
    assert "Exception" not in server.log
