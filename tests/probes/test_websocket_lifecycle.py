"""The probe `websocket-lifecycle` says who ended a WebSocket."""

import contextlib
import socket
import struct

from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench, eventually

CONTENT = find_content()

APPLICATION = """
import asyncio

from fastapi import FastAPI, HTTPException, WebSocket, WebSocketDisconnect
from websocket_lifecycle import WebSocketLifecycle

app = FastAPI()
app.add_middleware(WebSocketLifecycle)


@app.websocket("/echo")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            if text == "bye":
                await websocket.close(code=4000)
                return
            if text == "fail":
                raise ValueError("a mistake")
            if text == "return":
                return
            await websocket.send_text(text)
    except WebSocketDisconnect:
        await asyncio.sleep(0)


@app.websocket("/refused")
async def refused(websocket: WebSocket) -> None:
    await websocket.close(code=1008)


@app.websocket("/denied")
async def denied(websocket: WebSocket) -> None:
    raise HTTPException(401)


@app.websocket("/push")
async def push(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        await websocket.send_bytes(b"12345")
        await asyncio.sleep(0.1)
"""


def test_the_probe_says_who_ended_a_websocket(tmp_path):
    probe = Renderer(CONTENT, load(CONTENT)).probe("websocket-lifecycle", {})
    (tmp_path / probe.file_name).write_text(probe.text)
    (tmp_path / "main.py").write_text(APPLICATION)
    number = 0

    def lines(word: str) -> list[str]:
        return [line for line in server.log.splitlines() if f"WebSocket #{number} " in line and word in line]

    def last_line() -> str:
        assert eventually(lambda: bool(lines(": ended ")), 5), server.log
        (line,) = lines(": ended ")
        return line

    with Bench(tmp_path, fixed=True).server() as server:
        number += 1
        with connect(server.ws("/echo")) as client:
            client.send("hello")
            assert client.recv(timeout=5) == "hello"
            client.close(1001)
        assert "ended by the client, code 1001" in last_line()
        assert lines("#1 /echo after ")
        assert "received text of 5 characters" in server.log
        assert "sending text of 5 characters" in server.log

        for text, what in (
            ("bye", "ended by the server, code 4000"),
            ("fail", "ended by the server: the function was over"),
            ("return", "ended by the server: the function was over"),
        ):
            number += 1
            with connect(server.ws("/echo")) as client:
                client.send(text)
                with contextlib.suppress(Exception):
                    client.recv(timeout=5)
            assert what in last_line()
        assert "the function failed with ValueError('a mistake')" in server.log

        for path, what in (("/refused", "code 1008"), ("/denied", "HTTP 401"), ("/nothing", "code 1000")):
            number += 1
            with contextlib.suppress(InvalidStatus), connect(server.ws(path)):
                pass
            assert f"ended by the server, {what}" in last_line()

        number += 1
        client = connect(server.ws("/echo"))
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.socket.close()
        assert "ended without a goodbye, code 100" in last_line()

        number += 1
        with connect(server.ws("/push")) as client:
            assert client.recv(timeout=5) == b"12345"
        assert "ended by the client or a lost connection, noticed while sending" in last_line()

        number += 1
        with connect(server.ws("/echo")):
            assert eventually(lambda: bool(lines(": accepted")), 5)
            server.process.terminate()
            assert "by the server, which is stopping" in last_line()
