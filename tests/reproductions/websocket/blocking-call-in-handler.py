"""While one connection's handler blocks, the other connections and HTTP requests get no answer."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/ask", "endpoint": "ask"}

# --- broken ---
import time

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()


def answer(text: str) -> str:
    time.sleep(1.5)
    return f"answer to {text}"


@router.websocket("/ask")
async def ask(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            await websocket.send_text(answer(text))
    except WebSocketDisconnect:
        pass


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/health")
async def health() -> str:
    return "ok"


@app.websocket("/echo")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


# --- check ---
def check(bench: Bench) -> None:
    import time

    from websockets.sync.client import connect

    from troubleshoot.testing import get

    with bench.server() as server, connect(server.ws("/ask")) as slow, connect(server.ws("/echo")) as quick:
        started = time.monotonic()
        quick.send("before")
        assert quick.recv(timeout=5) == "before"
        slow.send("question")
        time.sleep(0.3)
        quick.send("meanwhile")
        assert quick.recv(timeout=5) == "meanwhile"
        assert get(server.url("/health"))[0] == 200
        waited = time.monotonic() - started
        assert slow.recv(timeout=5) == "answer to question"
        assert time.monotonic() - started >= 1.4
        assert waited < 1.2
