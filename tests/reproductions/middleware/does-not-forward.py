"""A middleware that returns for everything but HTTP swallows the lifespan and refuses WebSockets."""

from troubleshoot.testing import Bench, get

RETURN = """        if scope["type"] != "http":
            return
"""
WRONG = {
    "passing on WebSockets alone": [
        (
            RETURN,
            """        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        if scope["type"] == "lifespan":
            return
""",
        )
    ],
    "passing on without await": [
        (
            RETURN,
            """        if scope["type"] != "http":
            self.app(scope, receive, send)
            return
""",
        )
    ],
}

# --- broken ---
import time


class ProcessTimeMiddleware:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        started = time.perf_counter()

        async def send_with_time(message):
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-process-time", f"{time.perf_counter() - started:.4f}".encode()))
            await send(message)

        await self.app(scope, receive, send_with_time)


# --- application ---
from contextlib import asynccontextmanager

from fastapi import FastAPI, WebSocket

started_up: list[str] = []


@asynccontextmanager
async def lifespan(app: FastAPI):
    started_up.append("pool")
    yield


app = FastAPI(lifespan=lifespan)
app.add_middleware(ProcessTimeMiddleware)


@app.get("/started")
async def read_started() -> list[str]:
    return started_up


@app.websocket("/ws")
async def greet(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with bench.server() as server:
        status, headers, body = get(server.url("/started"))
        assert status == 200
        assert "x-process-time" in headers
        refused = False
        try:
            with connect(server.ws("/ws")) as client:
                assert client.recv() == "hello"
        except InvalidStatus:
            refused = True
        assert (body, refused) == ('["pool"]', False)
    assert "ASGI callable returned without" not in server.log
