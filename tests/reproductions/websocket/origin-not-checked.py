"""A page of another site opens the WebSocket with the user's cookie, in spite of CORSMiddleware."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/account", "endpoint": "account", "origin": "https://app.example.com"}
CHECKED = """    if not ({test}):
        await websocket.close(1008)
        return
    await websocket.accept()
"""
WRONG = {
    name: [
        ("    await websocket.accept()\n", CHECKED.format(test=test)),
        ("router = APIRouter()", 'router = APIRouter()\nOURS = "https://app.example.com"'),
    ]
    for name, test in {
        "an origin that starts like ours": 'websocket.headers.get("origin", OURS).startswith(OURS)',
        "our host somewhere in the origin": '"app.example.com" in websocket.headers.get("origin", OURS)',
    }.items()
}

# --- broken ---
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()


@router.websocket("/account")
async def account(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        await websocket.send_text(f"hello, {websocket.cookies.get('session', 'stranger')}")
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        pass


# --- application ---
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"], allow_credentials=True)
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with bench.server() as server:

        def opened_from(origin: str | None) -> object:
            cookie = {"Cookie": "session=alice"}
            try:
                with connect(server.ws("/account"), origin=origin, additional_headers=cookie) as client:
                    return client.recv(timeout=5)
            except InvalidStatus as refused:
                return refused.response.status_code

        assert opened_from("https://app.example.com") == "hello, alice"
        assert opened_from(None) == "hello, alice"
        foreign = opened_from("https://evil.example")
        lookalikes = [
            opened_from(f"https://{host}") for host in ("app.example.com.evil.example", "evil-app.example.com")
        ]
        if not bench.fixed:
            assert foreign == "hello, alice"
        assert [foreign, *lookalikes] == [403] * 3
