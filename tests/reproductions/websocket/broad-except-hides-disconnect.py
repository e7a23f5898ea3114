"""After one client has left, its loop spins and the whole process is stuck."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}

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
    from websockets.sync.client import connect

    from troubleshoot.testing import eventually, get

    with bench.server() as server:

        def count() -> str:
            try:
                return get(server.url("/connections"), seconds=1.0)[2]
            except OSError:
                return "no answer"

        with connect(server.ws("/chat"), close_timeout=0.5) as client:
            client.send("no JSON")
            client.send('{"text": "hello"}')
            answers = [client.recv(timeout=5)]
            if "error" in answers[0]:
                answers.append(client.recv(timeout=5))
            assert answers[-1] == '{"received":"hello"}'
            assert count() == "1"
        gone = eventually(lambda: count() == "0", 2.0)
        if not gone:
            assert 'Cannot call "receive" once a disconnect message has been received' in server.log
            assert count() == "no answer"
        assert gone
