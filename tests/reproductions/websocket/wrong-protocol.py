"""A Socket.IO client finds only a plain WebSocket route."""

from troubleshoot.testing import Bench

SOCKETIO = """
import socketio
from fastapi import FastAPI

sio = socketio.AsyncServer(async_mode="asgi")


@sio.event
async def message(sid, data):
    return {{"received": data}}


def add_socketio(app: FastAPI) -> None:
    app.mount("{path}", socketio.ASGIApp(sio{options}))


"""
WRONG = {
    "mounted somewhere else": SOCKETIO.format(path="/ws", options=""),
    "the path given twice": SOCKETIO.format(path="/socket.io", options=', socketio_path="socket.io/socket.io"'),
}

# --- broken ---
from fastapi import FastAPI, WebSocket


def add_socketio(app: FastAPI) -> None:
    @app.websocket("/ws")
    async def message(websocket: WebSocket) -> None:
        await websocket.accept()
        async for text in websocket.iter_text():
            await websocket.send_json({"received": text})


# --- application ---
from fastapi import FastAPI

app = FastAPI()
add_socketio(app)


@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import asyncio

    import aiohttp
    import socketio

    from troubleshoot.testing import get

    async def talk(url: str) -> object:
        async with aiohttp.ClientSession() as session:
            client = socketio.AsyncClient(reconnection=False, http_session=session)
            try:
                await client.connect(url, transports=["websocket"], wait_timeout=5)
                answer = await client.call("message", "hello", timeout=5)
                await client.disconnect()
            except socketio.exceptions.ConnectionError:
                return None
        return answer

    with bench.server() as server:
        answer = asyncio.run(talk(server.url()))
        polled = get(server.url("/socket.io/?EIO=4&transport=polling"))[0]
        assert get(server.url("/health"))[0] == 200
        if not bench.fixed:
            assert polled == 404
            assert '"WebSocket /socket.io/' in server.log
        assert answer == {"received": "hello"}
        assert polled == 200
