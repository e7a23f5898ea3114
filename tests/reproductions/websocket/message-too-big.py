"""A message above uvicorn's limit of 16 MiB ends the connection with 1009."""

from troubleshoot.testing import Bench

PARAMETERS = {"app": "main:app", "megabytes": "32"}

BROKEN = """
import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run("main:app", port=int(os.environ["PORT"]))
"""

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
    with (
        bench.process([sys.executable, "serve.py"], port=port, env={"PORT": str(port)}) as server,
        connect(server.ws("/upload"), compression=None, ping_interval=None, close_timeout=0.5) as client,
    ):
        client.send(bytes(1_000_000))
        assert client.recv(timeout=5) == "1000000"
        try:
            client.send(bytes(20_000_000))
            answer = client.recv(timeout=8)
        except ConnectionClosed as closed:
            answer = str(closed)
            print(answer)
        if not bench.fixed:
            assert server.wait_for_log("disconnected with 1009")
        assert answer == "20000000"
