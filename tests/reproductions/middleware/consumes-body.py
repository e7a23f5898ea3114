"""A pure ASGI middleware reads the body, and the endpoint waits for it for ever."""

from troubleshoot.testing import Bench

# --- broken ---
import logging

from starlette.requests import Request

logger = logging.getLogger(__name__)


class LogBodyMiddleware:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            body = await Request(scope, receive).body()
            logger.info("%s: body of %d bytes", scope["path"], len(body))
        await self.app(scope, receive, send)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.add_middleware(LogBodyMiddleware)


@app.post("/items")
async def add_item(item: dict[str, str]) -> int:
    return len(item["name"])


# --- check ---
def check(bench: Bench) -> None:
    import json
    import urllib.request

    data = json.dumps({"name": "x" * 200_000}).encode()
    with bench.server() as server:
        request = urllib.request.Request(server.url("/items"), data, {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=4) as response:
                body = response.read()
        except TimeoutError:
            body = b"no answer"
        assert body == b"200000"
