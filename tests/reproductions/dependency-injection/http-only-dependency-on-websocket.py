"""A dependency that asks for Request serves HTTP routes, and breaks the handshake of the WebSocket."""

from troubleshoot.testing import Bench, get

WRONG = {
    "None as the default": [
        ("def get_current_user(request: Request)", "def get_current_user(request: Request = None)")
    ],
    "WebSocket instead of Request": [
        ("def get_current_user(request: Request)", "def get_current_user(request: WebSocket)"),
    ],
    "everybody let in where there is no request": [
        (
            "def get_current_user(request: Request) -> str:\n",
            'def get_current_user(request: Request = None) -> str:\n    if request is None:\n        return "ann"\n',
        ),
    ],
}

# --- broken ---
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, WebSocket

router = APIRouter()
users_by_session = {"s3cret": "ann"}


def get_current_user(request: Request) -> str:
    user = users_by_session.get(request.cookies.get("session", ""))
    if user is None:
        raise HTTPException(401)
    return user


CurrentUser = Annotated[str, Depends(get_current_user)]


@router.get("/me")
async def read_me(user: CurrentUser) -> str:
    return user


@router.websocket("/ws")
async def greet(websocket: WebSocket, user: CurrentUser) -> None:
    await websocket.accept()
    await websocket.send_text(f"hello {user}")
    await websocket.close()


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    cookie = {"Cookie": "session=s3cret"}
    with bench.server() as server:
        assert get(server.url("/me"), headers=cookie)[2] == '"ann"'
        assert get(server.url("/me"))[0] == 401
        try:
            with connect(server.ws("/ws"), additional_headers=cookie) as client:
                assert client.recv() == "hello ann"
        except InvalidStatus as error:
            if not bench.fixed:
                assert "missing 1 required positional argument: 'request'" in server.log
            raise AssertionError(f"the handshake failed with {error.response.status_code}") from error
        try:
            with connect(server.ws("/ws")):
                raise AssertionError("a stranger got in")
        except InvalidStatus as error:
            assert error.response.status_code in (401, 403)
