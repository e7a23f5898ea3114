"""Two processes serve the same application; a message from a client of one does not reach the client of the other."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat", "channel": "chat"}
WRONG = {
    "one manager for all, from a cache": [
        ("connections: set[WebSocket] = set()", "@cache\ndef connections() -> set[WebSocket]:\n    return set()"),
        ("in list(connections)", "in list(connections())"),
        ("            connections.discard", "            connections().discard"),
        ("    connections.add", "    connections().add"),
        ("    finally:\n        connections.discard", "    finally:\n        connections().discard"),
        ("from fastapi import APIRouter", "from functools import cache\n\nfrom fastapi import APIRouter"),
    ],
    "a list in Redis, of which each message is taken out once": """
import asyncio
import os
from contextlib import asynccontextmanager

from fastapi import APIRouter, WebSocket
from redis.asyncio import Redis

redis = Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
connections: set[WebSocket] = set()


async def broadcast(text: str) -> None:
    await redis.rpush("chat", text)


async def pass_on() -> None:
    while True:
        _, text = await redis.blpop(["chat"])
        for websocket in list(connections):
            await websocket.send_text(text)


@asynccontextmanager
async def lifespan(app):
    task = asyncio.create_task(pass_on())
    yield
    task.cancel()


router = APIRouter(lifespan=lifespan)


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    connections.add(websocket)
    try:
        async for text in websocket.iter_text():
            await broadcast(text)
    finally:
        connections.discard(websocket)


""",
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


@app.post("/notify")
async def notify(text: str) -> None:
    await broadcast(text)


# --- check ---
def check(bench: Bench) -> None:
    import redis
    from websockets.sync.client import connect

    from troubleshoot.testing import eventually, free_port, get

    def received(client: object, seconds: float = 5.0) -> str:
        try:
            return client.recv(timeout=seconds)
        except TimeoutError:
            return "nothing"

    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    env = {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    with (
        bench.process(command, port=port),
        bench.server(env=env) as one,
        bench.server(env=env) as two,
        connect(one.ws("/chat")) as alice,
        connect(two.ws("/chat")) as bob,
        redis.Redis(port=port) as broker,
    ):
        if bench.fixed:
            eventually(lambda: broker.pubsub_numsub("chat")[0][1] == 2)  # both processes listen
        alice.send("hello")
        assert received(alice) == "hello"
        from_client = received(bob, 3.0 if bench.fixed else 0.5)
        assert get(two.url("/notify?text=news"), method="POST")[0] == 200
        assert received(bob) == "news"
        assert from_client == "hello"
        assert received(alice) == "news"
