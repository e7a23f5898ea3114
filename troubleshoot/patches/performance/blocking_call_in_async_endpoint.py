"""`def` where nothing is awaited, else the call goes to the thread pool; `time.sleep` has a counterpart."""

from __future__ import annotations

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.threads import unblock
from troubleshoot.patching.drafts import Draft

EXAMPLE = {
    "main.py": """
import requests
from fastapi import FastAPI

app = FastAPI()


@app.get("/rate")
async def read_rate(url: str):
    return requests.get(url, timeout=3).json()


@app.get("/both")
async def read_both(url: str):
    first = requests.get(url, timeout=3)
    return first.json(), await other()


async def other():
    return 1
""",
}


def patch(sighting: Sighting, draft: Draft) -> None:
    """Take the call off the event loop."""
    unblock(draft, sighting.function, sighting.node)
