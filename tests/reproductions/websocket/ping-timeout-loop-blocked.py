"""A handler that holds the event loop longer than the client's ping time limit loses the connection."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/model", "work": "run_model"}

# --- broken ---
import time

from fastapi import APIRouter, WebSocket

router = APIRouter()


def run_model(text: str) -> str:
    time.sleep(4)
    return text.upper()


@router.websocket("/model")
async def websocket_endpoint(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(run_model(text))


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import ConnectionClosedError
    from websockets.sync.client import connect

    limits = {"ping_interval": 0.5, "ping_timeout": 1.5, "close_timeout": 1}
    with bench.server() as server, connect(server.ws("/model"), **limits) as client:
        client.send("hello")
        try:
            answer = client.recv(timeout=15)
        except ConnectionClosedError as error:
            assert "keepalive ping timeout" not in str(error), str(error)
            raise
        assert answer == "HELLO"
