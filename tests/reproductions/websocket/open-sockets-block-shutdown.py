"""A client that keeps an event stream and a WebSocket open keeps the server from stopping."""

from troubleshoot.testing import Bench

PARAMETERS = {"app": "main:app", "seconds": "1"}

BROKEN = """
import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", port=int(os.environ["PORT"]))
"""

# --- application ---
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, WebSocket
from fastapi.responses import StreamingResponse


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    print("the pool is closed")


app = FastAPI(lifespan=lifespan)


@app.get("/events")
async def events() -> StreamingResponse:
    async def stream() -> AsyncIterator[str]:
        while True:
            yield "data: tick\n\n"
            await asyncio.sleep(0.2)

    return StreamingResponse(stream(), media_type="text/event-stream")


@app.websocket("/ws")
async def wait_for_news(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("ready")
    news: asyncio.Queue[str] = asyncio.Queue()
    await websocket.send_text(await news.get())


# --- check ---
def check(bench: Bench) -> None:
    import sys
    import urllib.request

    from websockets.sync.client import connect

    from troubleshoot.testing import eventually, free_port

    def serve():
        port = free_port()
        return bench.process([sys.executable, "serve.py"], port=port, env={"PORT": str(port)})

    def ends(server) -> bool:
        server.process.terminate()
        return eventually(lambda: server.process.poll() is not None, 6.0)

    with serve() as server:
        assert ends(server), "without clients it stops in any case"
    with serve() as server, urllib.request.urlopen(server.url("/events"), timeout=5) as stream:
        assert stream.readline() == b"data: tick\n"
        ended = ends(server)
        assert ended or "Waiting for connections to close" in server.log
    with serve() as server, connect(server.ws("/ws")) as client:
        assert client.recv(timeout=5) == "ready"
        socket_ended = ends(server)
        assert socket_ended or "Waiting for background tasks to complete" in server.log
        assert socket_ended
        assert "the pool is closed" in server.log
    assert ended
