"""A pure ASGI middleware reads the body, and the endpoint waits for it forever."""

from troubleshoot.testing import Bench, get

CALL = "        await self.app(scope, receive, send)\n"
WRONG = {
    "a receive that gives the body again and again": [
        (
            CALL,
            """
        async def replay():
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay if scope["type"] == "http" else receive, send)
""",
        )
    ],
    "request._receive replaced in a BaseHTTPMiddleware": """
import logging

from starlette.middleware.base import BaseHTTPMiddleware

logger = logging.getLogger(__name__)


class LogBodyMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        body = await request.body()
        logger.info("%s: body of %d bytes", request.url.path, len(body))

        async def receive():
            return {"type": "http.request", "body": body}

        request._receive = receive
        return await call_next(request)


""",
    "a BaseHTTPMiddleware that reads the stream": """
import logging

from starlette.middleware.base import BaseHTTPMiddleware

logger = logging.getLogger(__name__)


class LogBodyMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        body = b"".join([piece async for piece in request.stream()])
        logger.info("%s: body of %d bytes", request.url.path, len(body))
        return await call_next(request)


""",
}

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
import asyncio

from fastapi import FastAPI, Request

logging.basicConfig(level=logging.INFO)
app = FastAPI()
app.add_middleware(LogBodyMiddleware)


@app.post("/items")
async def add_item(item: dict[str, str]) -> int:
    return len(item["name"])


@app.post("/watched")
async def watch(item: dict[str, str], request: Request) -> None:
    print("watching", flush=True)
    while not await request.is_disconnected():
        await asyncio.sleep(0.02)
    print("the client has left", flush=True)


# --- check ---
def check(bench: Bench) -> None:
    import http.client
    import json
    from contextlib import closing

    data = json.dumps({"name": "x" * 200_000}).encode()
    json_body = {"content-type": "application/json"}
    with bench.server() as server:
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10 if bench.fixed else 3)) as client:
            client.request("POST", "/items", data, json_body)
            try:
                body = client.getresponse().read()
            except TimeoutError:
                body = b"no response"
        assert body == b"200000"
        assert server.wait_for_log(f"/items: body of {len(data)} bytes", 2)
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as client:
            client.request("POST", "/watched", data, json_body)
            assert server.wait_for_log("watching", 10)
        assert server.wait_for_log("the client has left", 3)
        assert get(server.url("/docs"))[0] == 200
