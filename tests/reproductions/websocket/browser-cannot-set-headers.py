"""A client that can set no header, as a browser, is refused; one that can is accepted."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}
WRONG = {
    "CORS that allows the header": [
        (
            "app.include_router(router)\n",
            'app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_headers=["*"])\napp.include_router(router)\n',
        ),
        (
            "from fastapi import FastAPI",
            "from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware",
        ),
    ],
    "a header that may be missing": [
        ("authorization: Annotated[str, Header()]", 'authorization: Annotated[str, Header()] = ""'),
        ("    if authorization != ", "    if authorization and authorization != "),
    ],
}

# --- broken ---
import os
from typing import Annotated

from fastapi import APIRouter, Header, WebSocket, WebSocketDisconnect, WebSocketException, status

router = APIRouter()


@router.websocket("/chat")
async def chat(websocket: WebSocket, authorization: Annotated[str, Header()]) -> None:
    if authorization != f"Bearer {os.environ['WEBSOCKET_TOKEN']}":
        raise WebSocketException(status.WS_1008_POLICY_VIOLATION)
    await websocket.accept()
    try:
        await websocket.send_text("welcome, alice")
        while True:
            await websocket.send_text(f"received: {await websocket.receive_text()}")
    except WebSocketDisconnect:
        pass


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import ConnectionClosed, InvalidStatus
    from websockets.sync.client import connect

    with bench.server(env={"WEBSOCKET_TOKEN": "secret"}) as server:
        if not bench.fixed:
            with connect(server.ws("/chat"), additional_headers={"Authorization": "Bearer secret"}) as tool:
                assert tool.recv(timeout=5) == "welcome, alice"

        def as_browser(first: str) -> object:
            """Do what a page can do: open the URL, and send."""
            try:
                with connect(server.ws("/chat"), origin="http://127.0.0.1") as client:
                    client.send(first)
                    return client.recv(timeout=5)
            except InvalidStatus as refused:
                return refused.response.status_code
            except ConnectionClosed as closed:
                assert closed.rcvd is not None
                return closed.rcvd.code

        admitted = as_browser('{"token": "secret"}')
        if not bench.fixed:
            assert admitted == 403
        assert admitted == "welcome, alice"
        assert as_browser('{"token": "wrong"}') == 4401
        assert as_browser("no JSON") == 4401
        assert "Exception in ASGI application" not in server.log
