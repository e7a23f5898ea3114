"""An endpoint that only sends keeps its subscription although the client has left."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"path": "/prices", "endpoint": "live_prices"}

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
        gone = eventually(lambda: subscribers() == "0", 2.0)
        assert "Exception in ASGI application" not in server.log
        assert gone
