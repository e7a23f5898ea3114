"""The endpoint refuses a wrong token with close(), but goes on to send."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/chat", "endpoint": "chat"}
WELCOME = '        await websocket.send_text("welcome")\n'
WRONG = {
    "accept() again, as the message asks for": [
        ('reason="wrong token")\n', 'reason="wrong token")\n        await websocket.accept()\n'),
    ],
    "client_state asked before the send": [
        (WELCOME, "        if websocket.client_state.name == 'CONNECTED':\n    " + WELCOME),
    ],
    "left after one of the two closes": [
        (WELCOME, "        if websocket.application_state.name == 'DISCONNECTED':\n            return\n" + WELCOME)
    ],
}

# --- broken ---
from fastapi import APIRouter, WebSocket, WebSocketDisconnect, status

router = APIRouter()


async def check_token(websocket: WebSocket, token: str) -> None:
    if token != "secret":
        await websocket.close(code=status.WS_1008_POLICY_VIOLATION, reason="wrong token")


@router.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        await check_token(websocket, await websocket.receive_text())
        await websocket.send_text("welcome")
        while True:
            text = await websocket.receive_text()
            if text == "bye":
                await websocket.close()
            await websocket.send_text(f"received: {text}")
    except WebSocketDisconnect:
        pass


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import pytest
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    with bench.server(env={"WEBSOCKET_TOKEN": "secret"}) as server:
        with connect(server.ws("/chat")) as client:
            client.send("secret")
            assert client.recv(timeout=5) == "welcome"
            client.send("hello")
            assert client.recv(timeout=5) == "received: hello"
        for messages, code in ((["wrong"], 1008), (["secret", "bye"], 1000)):
            with connect(server.ws("/chat")) as client, pytest.raises(ConnectionClosed) as closed:
                for message in messages:
                    client.send(message)
                for _ in range(3):
                    client.recv(timeout=5)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == code
    if not bench.fixed:
        assert server.log.count("once a close message has been sent") >= 2
    assert "Exception in ASGI application" not in server.log
