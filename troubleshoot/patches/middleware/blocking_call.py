"""What waits goes to the thread pool; `time.sleep` has a counterpart."""

from __future__ import annotations

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.threads import wait_aside
from troubleshoot.patching.drafts import Draft

EXAMPLE = {
    "main.py": """
import time
import urllib.request

import requests
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def check_key(request: Request, call_next):
    if requests.get("http://keys/" + request.headers["x-key"], timeout=3).status_code != 200:
        return JSONResponse({"detail": "unknown key"}, status_code=401)
    return await call_next(request)


@app.middleware("http")
async def check_again(request: Request, call_next):
    with urllib.request.urlopen("http://keys/", timeout=3) as answer:
        if answer.status != 200:
            return JSONResponse({"detail": "unknown key"}, status_code=401)
    return await call_next(request)


@app.middleware("http")
async def slow_down(request: Request, call_next):
    time.sleep(0.1)
    return await call_next(request)
""",
}


def patch(sighting: Sighting, draft: Draft) -> None:
    """Wait for the call without keeping the event loop."""
    wait_aside(draft, sighting.function, sighting.node)
