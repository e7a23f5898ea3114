"""While one connection's handler blocks, the other connections and HTTP requests get no answer."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/ask", "endpoint": "ask"}
SEND = "            await websocket.send_text(answer(text))\n"
WRONG = {
    "`async def` in front of it": [
        ("def answer(", "async def answer("),
        (SEND, SEND.replace("answer(", "await answer(")),
    ],
    "giving way once before it": [
        (SEND, "            await asyncio.sleep(0)\n" + SEND),
        ("import time\n", "import asyncio\nimport time\n"),
    ],
}

# --- broken ---
import time

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

router = APIRouter()


def answer(text: str) -> str:
    time.sleep(1.5)
    return f"answer to {text}"


@router.websocket("/ask")
async def ask(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            await websocket.send_text(answer(text))
    except WebSocketDisconnect:
        pass


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


order: list[str] = []


class Record:
    """Keeps the messages of all WebSockets in the order in which they are read and sent."""

    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        def kept(message):
            order.extend([message["text"]] if message.get("text") else [])
            return message

        async def read():
            return kept(await receive())

        async def write(message) -> None:
            await send(kept(message))

        await self.app(scope, read, write)


app.add_middleware(Record)


@app.get("/order")
async def read_order() -> list[str]:
    return order


@app.websocket("/echo")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


# --- check ---
def check(bench: Bench) -> None:
    import json

    from websockets.sync.client import connect

    from troubleshoot.testing import eventually, get

    with bench.server() as server, connect(server.ws("/ask")) as slow, connect(server.ws("/echo")) as quick:

        def order() -> list[str]:
            return json.loads(get(server.url("/order"))[2])

        quick.send("before")
        assert quick.recv(timeout=10) == "before"
        slow.send("question")
        assert eventually(lambda: "question" in order())  # an HTTP request gets its response meanwhile, too
        quick.send("meanwhile")
        assert quick.recv(timeout=10) == "meanwhile"
        assert slow.recv(timeout=10) == "answer to question"
        assert order() == ["before", "before", "question", "meanwhile", "meanwhile", "answer to question"]
