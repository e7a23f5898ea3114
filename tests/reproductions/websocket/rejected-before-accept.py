"""A close() before accept() becomes a bare 403; the client learns neither code nor reason."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}
CLOSE = """        await websocket.close(code=4401, reason="wrong or expired token")
        return
"""
WRONG = {
    "WebSocketException instead of close()": [
        (CLOSE, '        raise WebSocketException(4401, "wrong or expired token")\n'),
        ("WebSocket, WebSocketDisconnect\n", "WebSocket, WebSocketDisconnect, WebSocketException\n"),
    ],
    "accept() before close(), but not for invalid parameters": [
        (CLOSE, "        await websocket.accept()\n" + CLOSE),
    ],
}

# --- broken ---
import os
from typing import Annotated

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect
from fastapi.exception_handlers import websocket_request_validation_exception_handler as report_invalid
from fastapi.exceptions import WebSocketRequestValidationError

router = APIRouter()


@router.websocket("/chat")
async def chat(websocket: WebSocket, token: Annotated[str, Query()] = "") -> None:
    if token != os.environ["WEBSOCKET_TOKEN"]:
        await websocket.close(code=4401, reason="wrong or expired token")
        return
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            await websocket.send_text(f"received: {text}")
    except WebSocketDisconnect:
        pass


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
app.add_exception_handler(WebSocketRequestValidationError, report_invalid)


@app.websocket("/room/{number}")
async def room(websocket: WebSocket, number: int) -> None:
    await websocket.accept()
    await websocket.close()


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import ConnectionClosed, InvalidStatus
    from websockets.sync.client import connect

    with bench.server(env={"WEBSOCKET_TOKEN": "secret"}) as server:

        def ending(path: str) -> tuple[int, str]:
            try:
                with connect(server.ws(path)) as client:
                    client.recv(timeout=5)
            except ConnectionClosed as closed:
                assert closed.rcvd is not None
                return closed.rcvd.code, closed.rcvd.reason
            except InvalidStatus as refused:
                return refused.response.status_code, ""
            raise AssertionError(path)

        with connect(server.ws("/chat?token=secret")) as client:
            client.send("hello")
            assert client.recv(timeout=5) == "received: hello"
        wrong, invalid = ending("/chat?token=wrong"), ending("/room/lobby")
        if not bench.fixed:
            assert '"WebSocket /chat?token=wrong" 403' in server.log
            assert '"WebSocket /room/lobby" 403' in server.log
        assert wrong == (4401, "wrong or expired token")
        assert invalid == (1008, "invalid: path.number")
