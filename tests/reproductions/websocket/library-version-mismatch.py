"""A client written for websockets 13 cannot connect with the installed version."""

from troubleshoot.testing import Bench

HEADERS = "extra_headers="
WRONG = {
    "another name for the argument": [(HEADERS, "headers=")],
    "the new name, but the old exception": [(HEADERS, "additional_headers=")],
    "every exception taken for a refusal": [("websockets.exceptions.InvalidStatusCode", "Exception")],
}

FILES = {
    "server.py": """
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException, WebSocket

app = FastAPI()


@app.websocket("/echo")
async def echo(websocket: WebSocket, authorization: Annotated[str, Header()] = "") -> None:
    if authorization != "Bearer secret":
        raise HTTPException(401)
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(f"received: {text}")
"""
}

# --- broken ---
import asyncio
import sys

import websockets


async def ask(url: str, token: str, text: str) -> str:
    try:
        async with websockets.connect(url, extra_headers={"Authorization": f"Bearer {token}"}) as socket:
            await socket.send(text)
            return str(await socket.recv())
    except websockets.exceptions.InvalidStatusCode as error:
        raise PermissionError(f"{url} refuses the token") from error


if __name__ == "__main__":
    print(asyncio.run(ask(*sys.argv[1:4])))


# --- check ---
def check(bench: Bench) -> None:
    with bench.server(app="server:app") as server:
        good = bench.run("main.py", server.ws("/echo"), "secret", "hello")
        bad = bench.run("main.py", server.ws("/echo"), "wrong", "hello")
    if not bench.fixed:
        assert "unexpected keyword argument 'extra_headers'" in good.stderr, good.stderr
    assert good.stdout == "received: hello\n", good.stderr
    assert "PermissionError" in bad.stderr
