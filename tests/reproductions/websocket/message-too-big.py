"""A message above uvicorn's limit of 16 MiB ends the connection with 1009."""

from troubleshoot.testing import Bench

PARAMETERS = {"app": "main:app", "megabytes": "32"}

BROKEN = """
import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", port=int(os.environ["PORT"]))
"""

OURS = ', port=int(os.environ["PORT"]))'
WRONG = {
    "the limit of another protocol": [(OURS, OURS[:-1] + ", h11_max_incomplete_event_size=32 * 1024 * 1024)")],
    "the limit in MiB": [(OURS, OURS[:-1] + ", ws_max_size=32)")],
    "no limit worth the name": [(OURS, OURS[:-1] + ", ws_max_size=2**40)")],
}

# --- application ---
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/upload")
async def upload(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(str(len(await websocket.receive_bytes())))
    except WebSocketDisconnect as left:
        print("disconnected with", left.code)


# --- check ---
def check(bench: Bench) -> None:
    import sys

    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    from troubleshoot.testing import free_port

    port = free_port()
    with bench.process([sys.executable, "serve.py"], port=port, env={"PORT": str(port)}) as server:

        def answer(size: int) -> str:
            """Send a message of that many bytes, and return the answer, or how the connection was closed."""
            try:
                with connect(server.ws("/upload"), compression=None, ping_interval=None, close_timeout=0.5) as client:
                    client.send(bytes(size))
                    return str(client.recv(timeout=15))
            except ConnectionClosed as closed:
                return str(closed)

        assert answer(1_000_000) == "1000000"
        large = answer(20_000_000)
        if not bench.fixed:
            assert server.wait_for_log("disconnected with 1009")
        assert large == "20000000"
        assert answer(40_000_000) != "40000000", "what a client may fill the memory with has to have a limit"
        assert server.wait_for_log("disconnected with 1009")
