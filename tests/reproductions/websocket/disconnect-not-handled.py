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
    "expected, but nothing taken out in `finally`": [
        ("import APIRouter, WebSocket", "import APIRouter, WebSocket, WebSocketDisconnect"),
        (LOOP, "    try:\n" + LOOP.replace("    ", "        ") + "    except WebSocketDisconnect:\n        pass\n"),
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

        def is_forgotten() -> bool:
            return eventually(lambda: get(server.url("/connections"))[2] == "0", 3.0)

        with connect(server.ws("/chat")) as client:
            client.send("hello")
            assert client.recv() == "received: hello"
        assert is_forgotten()
        with connect(server.ws("/chat"), close_timeout=0.2) as client:
            client.send(b"binary")  # a mistake of another kind, which has to show
        assert is_forgotten()
        assert server.wait_for_log("KeyError: 'text'", 3.0)
        assert server.log.count("Exception in ASGI application") == 1
