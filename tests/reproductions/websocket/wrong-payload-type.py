"""A binary frame or text that is not JSON ends the connection."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}

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
        except ConnectionClosed:
            return None

    with bench.server() as server:
        assert answer('{"text": "hello"}') == {"received": "hello"}
        answers = [answer(b'{"text": "hello"}'), answer("ping"), answer(b"\xff\x00")]
        if not bench.fixed:
            assert server.wait_for_log("KeyError: 'text'")
            assert server.wait_for_log("JSONDecodeError")
        assert answers[0] == {"received": "hello"}
        assert answers[1] is not None
        assert answers[2] is not None
        assert "error" in answers[1]
        assert "error" in answers[2]
        assert "Exception in ASGI application" not in server.log
