"""After one client has left, its loop spins and the whole process is stuck."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}
PRINT = '                    print("could not handle the message:", repr(error))\n'
WRONG = {
    "a pause in the `except`": [
        (PRINT, PRINT + "                await asyncio.sleep(0.1)\n"),
        ("import json\n", "import asyncio\nimport json\n"),
    ],
    "the connection closed in the `except`": [
        (PRINT, PRINT + "                await websocket.close()\n                break\n"),
    ],
}

# --- broken ---
import json

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()
connections: set[WebSocket] = set()
printed: set[str] = set()


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    connections.add(websocket)
    try:
        while True:
            try:
                message = json.loads(await websocket.receive_text())
                await websocket.send_json({"received": message["text"]})
            except Exception as error:
                if str(error) not in printed:
                    printed.add(str(error))
                    print("could not handle the message:", repr(error))
    except WebSocketDisconnect:
        pass
    finally:
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
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    from troubleshoot.testing import eventually, get

    with bench.server() as server:

        def count(seconds: float = 1.0) -> str:
            try:
                return get(server.url("/connections"), seconds=seconds)[2]
            except OSError:
                return "no answer"

        answers = []
        with connect(server.ws("/chat"), close_timeout=0.5) as client:
            client.send("no JSON")
            client.send('{"text": "hello"}')
            try:
                while not answers or "error" in answers[-1]:
                    answers.append(client.recv(timeout=5))
            except ConnectionClosed:
                answers.append("closed")
            assert answers[-1] == '{"received":"hello"}'
            assert count(10.0) == "1"
        gone = eventually(lambda: count() == "0", 5.0 if bench.fixed else 0.0)
        if not bench.fixed:
            assert 'Cannot call "receive" once a disconnect message has been received' in server.log
            assert count() == "no answer"
        assert gone
    assert "Exception in ASGI application" not in server.log
