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
        (
            "router = APIRouter()",
            'import re\nfrom urllib.parse import urlsplit\n\nrouter = APIRouter()\nOURS = "https://app.example.com"',
        ),
    ]
    for name, test in {
        "an origin that starts like ours": 'websocket.headers.get("origin", OURS).startswith(OURS)',
        "a pattern whose dots stand for anything": 're.fullmatch(OURS, websocket.headers.get("origin", OURS))',
        "our host, whatever the scheme": 'urlsplit(websocket.headers.get("origin", OURS)).netloc == OURS[8:]',
        "pages without an origin": 'websocket.headers.get("origin", OURS) in (OURS, "null")',
        "our host somewhere in the origin": '"app.example.com" in websocket.headers.get("origin", OURS)',
    }.items()
}

# --- broken ---
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()
USERS = {"7c9e": "alice"}


@router.websocket("/account")
async def account(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        await websocket.send_text(f"hello, {USERS.get(websocket.cookies.get('session', ''), 'stranger')}")
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
            cookie = {"Cookie": "session=7c9e"}
            try:
                with connect(server.ws("/account"), origin=origin, additional_headers=cookie) as client:
                    return client.recv(timeout=5)
            except InvalidStatus as refused:
                return refused.response.status_code

        assert opened_from("https://app.example.com") == "hello, alice"
        assert opened_from(None) == "hello, alice"
        foreign = opened_from("https://evil.example")
        lookalikes = [
            opened_from(origin)
            for origin in (
                "https://app.example.com.evil.example",
                "https://evil-app.example.com",
                "https://appxexample.com",
                "http://app.example.com",
                "null",
            )
        ]
        if not bench.fixed:
            assert foreign == "hello, alice"
        assert [foreign, *lookalikes] == [403] * 6
