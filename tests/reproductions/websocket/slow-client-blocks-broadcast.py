"""A client that does not read keeps the others from getting their messages."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/feed", "endpoint": "feed"}
LOOP = """    for websocket in list(connections):
        try:
            await websocket.send_text(text)
        except WebSocketDisconnect:
            connections.discard(websocket)
"""
IMPORT = (
    "import APIRouter, WebSocket, WebSocketDisconnect\n",
    "import APIRouter, WebSocket, WebSocketDisconnect\nimport asyncio\n",
)
WRONG = {
    "asyncio.gather": [
        (LOOP, "    await asyncio.gather(*(websocket.send_text(text) for websocket in list(connections)))\n"),
        IMPORT,
    ],
    "a queue without an end for each client": """
import asyncio

import anyio
from fastapi import APIRouter, WebSocket

router = APIRouter()
queues: set[asyncio.Queue[str]] = set()


async def broadcast(text: str) -> None:
    for queue in queues:
        queue.put_nowait(text)


async def send_from(queue: asyncio.Queue[str], websocket: WebSocket) -> None:
    while True:
        await websocket.send_text(await queue.get())


@router.websocket("/feed")
async def feed(websocket: WebSocket) -> None:
    await websocket.accept()
    queue: asyncio.Queue[str] = asyncio.Queue()
    queues.add(queue)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(send_from, queue, websocket)
            async for text in websocket.iter_text():
                await broadcast(text)
            tasks.cancel_scope.cancel()
    finally:
        queues.discard(queue)


""",
    "a time limit for each send": [
        (
            LOOP,
            """    for websocket in list(connections):
        try:
            await asyncio.wait_for(websocket.send_text(text), 4)
        except (WebSocketDisconnect, TimeoutError):
            pass
""",
        ),
        IMPORT,
    ],
}

# --- broken ---
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()
connections: set[WebSocket] = set()


async def broadcast(text: str) -> None:
    for websocket in list(connections):
        try:
            await websocket.send_text(text)
        except WebSocketDisconnect:
            connections.discard(websocket)


@router.websocket("/feed")
async def feed(websocket: WebSocket) -> None:
    await websocket.accept()
    connections.add(websocket)
    try:
        async for text in websocket.iter_text():
            await broadcast(text)
    finally:
        connections.discard(websocket)


# --- application ---
import asyncio
import weakref

from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/health")
async def health() -> str:
    return "ok"


@app.post("/announce")
async def announce() -> None:
    for number in range(20):
        await broadcast(f"{number} " + "x" * 1_000_000)
        await asyncio.sleep(0)


class Text(str):
    """A text that can be counted for as long as somebody keeps it."""


kept: weakref.WeakSet[Text] = weakref.WeakSet()


@app.post("/many")
async def announce_many() -> int:
    """Broadcast a thousand short texts, and return how many of them are still waiting behind a client."""
    for number in range(1000):
        text = Text(number)
        kept.add(text)
        await broadcast(text)
        await asyncio.sleep(0.001)
    del text
    return len(kept)


# --- check ---
def check(bench: Bench) -> None:
    import contextlib
    import threading

    from websockets.frames import Frame, Opcode
    from websockets.sync.client import connect

    from troubleshoot.testing import get

    def announce() -> None:
        with contextlib.suppress(OSError):
            get(server.url("/announce"), method="POST", seconds=4)

    options = {"compression": None, "close_timeout": 0.1, "ping_interval": None, "max_size": None}
    with (
        bench.server() as server,
        connect(server.ws("/feed"), max_queue=1, **options),  # never reads
        connect(server.ws("/feed"), **options) as quick,
    ):
        thread = threading.Thread(target=announce)
        thread.start()
        received = []
        with contextlib.suppress(TimeoutError):
            while len(received) < 20:
                received.append(quick.recv(timeout=3).split()[0])
        assert get(server.url("/health"))[0] == 200  # the event loop is free all the time
        thread.join()
        assert received == [str(number) for number in range(20)]
        if bench.fixed:
            burst = [Frame(Opcode.TEXT, b"%d" % number).serialize(mask=True) for number in range(300)]
            quick.socket.sendall(b"".join(burst))
            assert [quick.recv(timeout=5) for _ in burst] == [str(number) for number in range(300)]
            waiting = int(get(server.url("/many"), method="POST", seconds=30)[2])
            assert waiting <= 200, f"{waiting} of 1000 messages wait in memory for the client that does not read"
