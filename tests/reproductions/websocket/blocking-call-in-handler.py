"""A handler that sleeps without giving the event loop back keeps other requests waiting."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/work", "endpoint": "work_socket", "work": "slow_work"}

# --- broken ---
import time

from fastapi import APIRouter, WebSocket

router = APIRouter()


def slow_work(text: str) -> str:
    time.sleep(1.5)
    return text.upper()


@router.websocket("/work")
async def work_socket(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(slow_work(text))


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import time

    from websockets.sync.client import connect

    with bench.server() as server, connect(server.ws("/work")) as client:
        get(server.url("/health"))
        client.send("hello")
        time.sleep(0.2)
        started = time.monotonic()
        assert get(server.url("/health"))[0] == 200
        waited = time.monotonic() - started
        assert client.recv(timeout=10) == "HELLO"
        assert waited < 0.8, f"another request waited {waited:.1f} s for the handler"
