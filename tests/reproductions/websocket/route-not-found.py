"""The client asks for /api/chat, but the route is /chat/: the answer is 403."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/api/chat", "endpoint": "chat"}
WRONG = {
    "the prefix, but not the slash at the end": [('prefix="/chat"', 'prefix="/api/chat"')],
    "CORS for every origin": [
        ("app = FastAPI()\n", 'app = FastAPI()\napp.add_middleware(CORSMiddleware, allow_origins=["*"])\n'),
        (
            "from fastapi import FastAPI\n",
            "from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\n",
        ),
    ],
}

# --- broken ---
from fastapi import APIRouter, FastAPI, WebSocket, WebSocketDisconnect

router = APIRouter(prefix="/chat")


@router.websocket("/")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            await websocket.send_text(f"received: {text}")
    except WebSocketDisconnect:
        pass


def add_websockets(app: FastAPI) -> None:
    app.include_router(router)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
add_websockets(app)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with bench.server() as server:

        def answer(path: str) -> str | int:
            try:
                with connect(server.ws(path)) as client:
                    client.send("hello")
                    return client.recv(timeout=5)
            except InvalidStatus as error:
                return error.response.status_code

        if not bench.fixed:
            assert answer("/chat/") == "received: hello"
            assert answer("/chat") == 403, "a WebSocket is not redirected to the path with the slash"
        answers = {path: answer(path) for path in ("/api/chat", "/api/chatt")}
        assert "Exception in ASGI application" not in server.log
        assert answers == {"/api/chat": "received: hello", "/api/chatt": 404}
