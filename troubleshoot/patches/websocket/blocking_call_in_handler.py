"""The endpoint waits for the call in a thread; `time.sleep` has a counterpart."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.blocking import wait_on_the_side
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

EXAMPLE = {
    "main.py": """
import time

import requests
from fastapi import FastAPI, WebSocket

app = FastAPI()


@app.websocket("/rates")
async def rates(websocket: WebSocket):
    await websocket.accept()
    async for url in websocket.iter_text():
        await websocket.send_json(requests.get(url, timeout=3).json())
        time.sleep(1)
        await websocket.send_text(answer(url))


def answer(text: str):
    return requests.get(text, timeout=3).text
""",
}


def patch(sighting: Sighting, draft: Draft) -> None:
    """Give the event loop back while the endpoint waits."""
    if sighting.function is None or not isinstance(sighting.node, ast.Call):
        raise WithheldError("the call stands in no function")
    wait_on_the_side(draft, sighting.function, sighting.node)
