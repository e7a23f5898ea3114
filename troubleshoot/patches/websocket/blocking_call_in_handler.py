"""The endpoint waits for the call in a thread; `time.sleep` has a counterpart."""

from __future__ import annotations

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.threads import wait_aside
from troubleshoot.patching.drafts import Draft

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
    wait_aside(draft, sighting.function, sighting.node)
