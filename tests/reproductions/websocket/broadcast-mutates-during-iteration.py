"""A client joins while a broadcast is on its way, and the broadcast breaks off."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}

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

    from websockets.sync.client import connect

    with bench.server() as server, ExitStack() as stack:
        clients = [stack.enter_context(connect(server.ws("/chat"), close_timeout=0.2)) for _ in range(10)]
        clients[0].send("hello")
        for _ in range(3):
            stack.enter_context(connect(server.ws("/chat"), close_timeout=0.2))

        def received(client: object) -> bool:
            try:
                return client.recv(timeout=2) == "hello"
            except Exception:  # closed, or nothing came
                return False

        reached = []
        for client in clients:
            reached.append(received(client))
            if not reached[-1] and len(reached) > 1:
                break
        if not bench.fixed:
            assert server.wait_for_log("RuntimeError: Set changed size during iteration")
        assert reached == [True] * 10
