"""An endpoint that only sends keeps its subscription although the client has left."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"path": "/prices", "endpoint": "live_prices"}
LOOP = """        while True:
            await websocket.send_text(await queue.get())
"""
WRONG = {
    "client_state asked ten times a second": [
        (
            LOOP,
            """        while websocket.client_state.name == "CONNECTED":
            try:
                await websocket.send_text(await asyncio.wait_for(queue.get(), 0.1))
            except TimeoutError:
                continue
""",
        ),
    ],
    "WebSocketDisconnect expected around the send": [
        (
            LOOP,
            """        while True:
            text = await queue.get()
            try:
                await websocket.send_text(text)
            except (WebSocketDisconnect, RuntimeError):
                break
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


@router.websocket("/prices")
async def live_prices(websocket: WebSocket) -> None:
    await websocket.accept()
    queue: asyncio.Queue[str] = asyncio.Queue()
    subscribers.add(queue)
    try:
        while True:
            await websocket.send_text(await queue.get())
    except WebSocketDisconnect:
        pass
    finally:
        subscribers.discard(queue)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.post("/publish")
async def publish_price(text: str) -> None:
    publish(text)


@app.get("/subscribers")
async def count_subscribers() -> int:
    return len(subscribers)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.sync.client import connect

    def subscribers() -> str:
        return get(server.url("/subscribers"))[2]

    with bench.server() as server:
        with connect(server.ws("/prices")) as client:
            assert eventually(lambda: subscribers() == "1")
            for text in ("one", "two"):
                get(server.url(f"/publish?text={text}"), method="POST")
                assert client.recv(timeout=5) == text
            client.send("a client may send what nobody reads")
        gone = eventually(lambda: subscribers() == "0", 4.0 if bench.fixed else 1.0)
        assert "Exception in ASGI application" not in server.log
        assert gone
