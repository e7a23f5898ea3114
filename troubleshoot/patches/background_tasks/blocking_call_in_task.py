"""`def` for a task in which nothing is awaited, else the call goes to the thread pool."""

from __future__ import annotations

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.threads import unblock
from troubleshoot.patching.drafts import Draft

EXAMPLE = {
    "main.py": """
import asyncio
import time

import requests
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def send_report(recipient: str):
    requests.post("https://example.org", json={"to": recipient}, timeout=3)


async def send_twice(recipient: str):
    time.sleep(2)
    await asyncio.sleep(1)
    requests.post("https://example.org", json={"to": recipient}, timeout=3)


@app.post("/reports")
async def start(recipient: str, tasks: BackgroundTasks):
    tasks.add_task(send_report, recipient)
    tasks.add_task(send_twice, recipient)
"""
}


def patch(sighting: Sighting, draft: Draft) -> None:
    """Take the call off the event loop."""
    unblock(draft, sighting.function, sighting.node)
