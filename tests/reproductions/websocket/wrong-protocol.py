"""A Socket.IO client finds only a plain WebSocket route."""

from troubleshoot.testing import Bench

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

    async def talk(url: str, transport: str) -> object:
        async with aiohttp.ClientSession() as session:
            client = socketio.AsyncClient(reconnection=False, http_session=session)
            try:
                await client.connect(url, transports=[transport], wait_timeout=5)
                return await client.call("message", "hello", timeout=5)
            except socketio.exceptions.ConnectionError:
                return None
            finally:
                await client.disconnect()

    with bench.server() as server:
        polled = asyncio.run(talk(server.url(), "polling"))
        pushed = asyncio.run(talk(server.url(), "websocket"))
        assert get(server.url("/health"))[0] == 200
        if not bench.fixed:
            assert "/socket.io/?transport=polling" in server.log
            assert "404 Not Found" in server.log
            assert '"WebSocket /socket.io/' in server.log
        assert polled == {"received": "hello"}
        assert pushed == {"received": "hello"}
