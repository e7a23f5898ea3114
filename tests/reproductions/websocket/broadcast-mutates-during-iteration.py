"""Clients join and leave while a broadcast is on its way, and the broadcast breaks off."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}
WRONG = {
    "a lock around the broadcast": [
        (
            """    for websocket in connections:
        await asyncio.sleep(0.1)
        await websocket.send_text(text)
""",
            """    async with lock:
        for websocket in connections:
            await asyncio.sleep(0.1)
            await websocket.send_text(text)
""",
        ),
        ("router = APIRouter()", "router = APIRouter()\nlock = asyncio.Lock()"),
    ],
    "a list instead of a set": [
        ("connections: set[WebSocket] = set()", "connections: list[WebSocket] = []"),
        ("connections.add(", "connections.append("),
        ("connections.discard(", "connections.remove("),
    ],
}

# --- broken ---
import asyncio

from fastapi import APIRouter, WebSocket

router = APIRouter()
connections: set[WebSocket] = set()


async def broadcast(text: str) -> None:
    for websocket in connections:
        await asyncio.sleep(0.1)
        await websocket.send_text(text)


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    connections.add(websocket)
    try:
        async for text in websocket.iter_text():
            await broadcast(text)
    finally:
        connections.discard(websocket)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from contextlib import ExitStack

    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    with bench.server() as server, ExitStack() as stack:

        def join() -> object:
            return stack.enter_context(connect(server.ws("/chat"), close_timeout=0.2))

        def received(client: object) -> bool:
            try:
                return client.recv(timeout=3) == "hello"
            except (ConnectionClosed, TimeoutError):
                return False

        clients = [join() for _ in range(10)]
        clients[-1].send("hello")
        for _ in range(3):
            join()
        reached = [received(clients[0])]
        clients[0].close()
        for client in clients[1:]:
            reached.append(received(client))
            if not reached[-1]:
                break
        if not bench.fixed:
            assert server.wait_for_log("RuntimeError: Set changed size during iteration")
        assert reached == [True] * 10
