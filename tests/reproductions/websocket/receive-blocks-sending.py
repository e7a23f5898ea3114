"""A client that sends nothing gets no news, because its endpoint waits in a receive call."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}
LOOP = """            publish(await websocket.receive_text())
            while not queue.empty():
                await websocket.send_text(queue.get_nowait())
"""
WRONG = {
    "sending first, then receiving": [
        (
            LOOP,
            """            while not queue.empty():
                await websocket.send_text(queue.get_nowait())
            publish(await websocket.receive_text())
""",
        ),
    ],
    "waiting for news, then for a message": [
        (
            LOOP,
            """            await websocket.send_text(await queue.get())
            publish(await websocket.receive_text())
""",
        ),
    ],
    "a timeout around receive": [
        (
            "            publish(await websocket.receive_text())\n",
            """            try:
                publish(await asyncio.wait_for(websocket.receive_text(), 1))
            except asyncio.TimeoutError:
                pass
""",
        ),
    ],
    "a sender that nobody cancels": [
        (
            LOOP,
            """            asyncio.create_task(send_all(websocket, queue))
            async for text in websocket.iter_text():
                publish(text)
            break
""",
        ),
        (
            '@router.websocket("/chat")\n',
            """async def send_all(websocket, queue):
    while True:
        await websocket.send_text(await queue.get())


@router.websocket("/chat")
""",
        ),
    ],
}

# --- broken ---
import asyncio

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()
subscribers: set[asyncio.Queue[str]] = set()


def publish(text: str) -> None:
    for queue in subscribers:
        queue.put_nowait(text)


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    queue: asyncio.Queue[str] = asyncio.Queue()
    subscribers.add(queue)
    try:
        while True:
            publish(await websocket.receive_text())
            while not queue.empty():
                await websocket.send_text(queue.get_nowait())
    except WebSocketDisconnect:
        pass
    finally:
        subscribers.discard(queue)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.post("/publish")
async def publish_news(text: str) -> None:
    publish(text)


@app.get("/subscribers")
async def count_subscribers() -> int:
    return len(subscribers)


@app.get("/tasks")
async def count_tasks() -> int:
    return len(asyncio.all_tasks())


# --- check ---
def check(bench: Bench) -> None:
    import time

    from websockets.sync.client import connect

    from troubleshoot.testing import eventually, get

    with bench.server() as server:
        tasks = get(server.url("/tasks"))[2]
        with connect(server.ws("/chat")) as client:
            assert eventually(lambda: get(server.url("/subscribers"))[2] == "1")
            get(server.url("/publish?text=news"), method="POST")
            try:
                first = client.recv(timeout=2)
            except TimeoutError:
                first = "nothing"
                client.send("hello")
                assert client.recv(timeout=5) == "news"  # it was there all the time
            assert first == "news"
            get(server.url("/publish?text=more"), method="POST")
            client.send("hello")
            client.send("bye")
            try:
                received = [client.recv(timeout=5) for _ in range(3)]
            except TimeoutError:
                received = []
            assert received == ["more", "hello", "bye"]
            started = time.monotonic()
            for number in range(4):
                get(server.url(f"/publish?text={number}"), method="POST")
                assert client.recv(timeout=5) == str(number)
            assert time.monotonic() - started < 2, "news waits until the endpoint looks again"
        assert eventually(lambda: get(server.url("/subscribers"))[2] == "0")
        assert eventually(lambda: get(server.url("/tasks"))[2] == tasks), "the sender waits for ever"
        assert "Exception in ASGI application" not in server.log
