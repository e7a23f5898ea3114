"""An HTTPException in an accepted WebSocket cuts the connection; the client learns nothing."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/rooms", "endpoint": "rooms"}
ANSWER = "            await websocket.send_text(find_room(name))\n"
WRONG = {
    "an exception handler that returns JSON": [
        (
            "app.include_router(router)\n",
            """app.include_router(router)


@app.exception_handler(HTTPException)
async def report(request, error):
    return JSONResponse({"detail": error.detail}, error.status_code)
""",
        ),
        ("from fastapi import FastAPI", "from fastapi import FastAPI\nfrom fastapi.responses import JSONResponse"),
    ],
    "the HTTP status as close code": [
        (
            ANSWER,
            """            try:
                await websocket.send_text(find_room(name))
            except HTTPException as error:
                await websocket.close(error.status_code, error.detail)
                return
""",
        ),
    ],
    "the exception taken for a disconnect": [
        ("    except WebSocketDisconnect:", "    except (WebSocketDisconnect, HTTPException):"),
    ],
}

# --- broken ---
from fastapi import APIRouter, HTTPException, WebSocket, WebSocketDisconnect

router = APIRouter()
ROOMS = {"lobby": "Welcome"}


def find_room(name: str) -> str:
    if name not in ROOMS:
        raise HTTPException(404, f"no room {name}")
    return ROOMS[name]


@router.websocket("/rooms")
async def rooms(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            name = await websocket.receive_text()
            await websocket.send_text(find_room(name))
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

    with bench.server() as server:
        with connect(server.ws("/rooms")) as client:
            client.send("lobby")
            assert client.recv(timeout=5) == "Welcome"
            client.send("cellar")
            with pytest.raises(ConnectionClosed) as closed:
                client.recv(timeout=5)
    if not bench.fixed:
        assert "but got 'websocket.http.response.start'" in server.log
    assert closed.value.rcvd is not None, "cut without a close frame"
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1008, "no room cellar")
    assert "Exception in ASGI application" not in server.log
