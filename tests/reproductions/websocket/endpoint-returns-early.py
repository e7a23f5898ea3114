"""The endpoint registers the WebSocket and returns; the connection is closed before anything is sent."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/news", "endpoint": "news"}
ADD = "    connections.add(websocket)\n"
WRONG = {
    "a long sleep": [
        (ADD, ADD + "    await asyncio.sleep(3600)\n"),
        ("from fastapi import APIRouter", "import asyncio\n\nfrom fastapi import APIRouter"),
    ],
    "a single receive": [
        (
            ADD,
            ADD
            + """    try:
        await websocket.receive_text()
    except WebSocketDisconnect:
        pass
    finally:
        connections.discard(websocket)
""",
        )
    ],
    "a task that holds the socket": [
        (ADD, ADD + "    tasks.add(asyncio.create_task(hold(websocket)))\n"),
        (
            '@router.websocket("/news")',
            """tasks = set()


async def hold(websocket: WebSocket) -> None:
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass


@router.websocket("/news")""",
        ),
        ("from fastapi import APIRouter", "import asyncio\n\nfrom fastapi import APIRouter"),
    ],
}

# --- broken ---
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()
connections: set[WebSocket] = set()


async def notify(text: str) -> None:
    for websocket in list(connections):
        try:
            await websocket.send_text(text)
        except WebSocketDisconnect:
            connections.discard(websocket)


@router.websocket("/news")
async def news(websocket: WebSocket) -> None:
    await websocket.accept()
    connections.add(websocket)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.post("/notify")
async def notify_all(text: str) -> int:
    await notify(text)
    return len(connections)


@app.get("/connections")
async def count_connections() -> int:
    return len(connections)


# --- check ---
def check(bench: Bench) -> None:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    from troubleshoot.testing import eventually, get

    with bench.server() as server:
        received: str | bytes | None = None
        with connect(server.ws("/news")) as client:
            try:
                client.send("hello")  # nobody has asked for it, and it ends nothing
                client.recv(timeout=0.7)
            except TimeoutError:
                assert get(server.url("/notify?text=hello"), method="POST")[2] == "1"
                received = client.recv(timeout=5)
            except ConnectionClosed:
                assert get(server.url("/notify?text=hello"), method="POST")[2] == "0"
        assert "Exception in ASGI application" not in server.log
        assert received == "hello"
        assert eventually(lambda: get(server.url("/connections"))[2] == "0"), "nothing is sent that would find out"
        assert "Exception in ASGI application" not in server.log
