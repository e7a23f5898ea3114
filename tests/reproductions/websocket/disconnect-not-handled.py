"""A client that leaves ends the endpoint with an exception, and its socket stays in the set of connections."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"path": "/chat", "endpoint": "chat"}
LOOP = """    while True:
        text = await websocket.receive_text()
        await websocket.send_text(f"received: {text}")
"""
WRONG = {
    "`except Exception: pass` around the loop": [
        (LOOP, "    try:\n" + LOOP.replace("    ", "        ") + "    except Exception:\n        pass\n"),
    ],
    "logged like any other mistake": [
        (
            LOOP,
            "    try:\n"
            + LOOP.replace("    ", "        ")
            + '    except Exception:\n        logging.exception("chat")\n',
        ),
        ("from fastapi import APIRouter, WebSocket\n", "import logging\n\nfrom fastapi import APIRouter, WebSocket\n"),
    ],
    "expected, and left with `return` before the clean-up": [
        ("import APIRouter, WebSocket", "import APIRouter, WebSocket, WebSocketDisconnect"),
        (LOOP, "    try:\n" + LOOP.replace("    ", "        ") + "    except WebSocketDisconnect:\n        return\n"),
    ],
    "expected inside of the loop": [
        ("import APIRouter, WebSocket", "import APIRouter, WebSocket, WebSocketDisconnect"),
        (
            "        text = await websocket.receive_text()\n",
            """        try:
            text = await websocket.receive_text()
        except WebSocketDisconnect:
            connections.discard(websocket)
            continue
""",
        ),
    ],
}

# --- broken ---
from fastapi import APIRouter, WebSocket

router = APIRouter()
connections: set[WebSocket] = set()


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    connections.add(websocket)
    while True:
        text = await websocket.receive_text()
        await websocket.send_text(f"received: {text}")
    connections.discard(websocket)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/connections")
async def count_connections() -> int:
    return len(connections)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.sync.client import connect

    with bench.server() as server:
        with connect(server.ws("/chat")) as client:
            client.send("hello")
            assert client.recv() == "received: hello"
        assert eventually(lambda: get(server.url("/connections"))[2] == "0", 3.0)
        assert "Exception in ASGI application" not in server.log
        assert "WebSocketDisconnect" not in server.log, "a client that leaves is no mistake"
        with connect(server.ws("/chat"), close_timeout=0.2) as client:
            client.send(b"binary")  # a mistake of another kind, which has to show
            assert server.wait_for_log("KeyError: 'text'", 3.0)
