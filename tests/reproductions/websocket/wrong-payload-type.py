"""A binary frame or text that is not JSON ends the connection."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}
READ = "            message = await websocket.receive_json()\n"
WRONG = {
    "bad messages are skipped": [
        (
            READ,
            """            try:
                message = await websocket.receive_json()
            except (KeyError, ValueError):
                continue
""",
        ),
    ],
    "receive_text and json.loads": [
        (READ, "            message = json.loads(await websocket.receive_text())\n"),
        ("from fastapi import APIRouter", "import json\n\nfrom fastapi import APIRouter"),
    ],
    "binary mode": [(READ, '            message = await websocket.receive_json(mode="binary")\n')],
}

# --- broken ---
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            message = await websocket.receive_json()
            await websocket.send_json({"received": message["text"]})
    except WebSocketDisconnect:
        pass


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import json

    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    def answer(first: str | bytes) -> dict[str, object] | None:
        """Return the answer to `first`, or None unless a good message is answered after it."""
        try:
            with connect(server.ws("/chat")) as client:
                client.send(first)
                answer = json.loads(client.recv(timeout=5))
                client.send('{"text": "again"}')
                return answer if json.loads(client.recv(timeout=5)) == {"received": "again"} else None
        except (ConnectionClosed, TimeoutError):
            return None

    with bench.server() as server:
        assert answer('{"text": "hello"}') == {"received": "hello"}
        binary = answer(b'{"text": "hello"}')
        if not bench.fixed:
            assert server.wait_for_log("KeyError: 'text'")
            assert answer("ping") is None
            assert server.wait_for_log("JSONDecodeError")
        assert binary == {"received": "hello"}
        for bad in ("ping", b"\xff\x00", '{"text": 7}'):
            assert "error" in (answer(bad) or {}), bad
        assert "Exception in ASGI application" not in server.log
