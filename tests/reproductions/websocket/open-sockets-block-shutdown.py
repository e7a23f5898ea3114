"""A client that keeps an event stream and a WebSocket open keeps the server from stopping."""

from troubleshoot.testing import Bench

PARAMETERS = {"app": "main:app", "seconds": "1"}

BROKEN = """
import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", port=int(os.environ["PORT"]))
"""

OURS = ', port=int(os.environ["PORT"]))'
WRONG = {
    "a shorter keep-alive": [(OURS, OURS[:-1] + ", timeout_keep_alive=1)")],
    "an event that is set behind the lifespan's yield": [
        ("    yield\n    print", "    yield\n    stopping.set()\n    print"),
        ("        while True:", "        while not stopping.is_set():"),
        ("@asynccontextmanager", "stopping = asyncio.Event()\n\n\n@asynccontextmanager"),
    ],
}

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

    with serve() as idle:
        idle.process.terminate()
        assert eventually(lambda: idle.process.poll() is not None, 10.0), "without clients it stops in any case"
    with serve() as streaming, serve() as talking:
        with (
            urllib.request.urlopen(streaming.url("/events"), timeout=5) as stream,
            connect(talking.ws("/ws")) as client,
        ):
            assert stream.readline() == b"data: tick\n"
            assert client.recv(timeout=5) == "ready"
            streaming.process.terminate()
            talking.process.terminate()
            ended = eventually(
                lambda: None not in (streaming.process.poll(), talking.process.poll()), 8.0 if bench.fixed else 2.0
            )
            if not bench.fixed:
                assert "Waiting for connections to close" in streaming.log
                assert "Waiting for background tasks to complete" in talking.log
                assert streaming.process.poll() is None
                assert talking.process.poll() is None
        assert ended
        assert "the pool is closed" in streaming.log
        assert "the pool is closed" in talking.log
