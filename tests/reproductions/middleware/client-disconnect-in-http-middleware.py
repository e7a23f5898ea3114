"""A client that leaves in mid-upload makes a BaseHTTPMiddleware that reads the body fail with a traceback."""

from troubleshoot.testing import Bench

# --- broken ---
import logging

from fastapi import Request
from starlette.middleware.base import BaseHTTPMiddleware

logger = logging.getLogger(__name__)


class BodySizeMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        body = await request.body()
        logger.info("%s %s: %d bytes", request.method, request.url.path, len(body))
        return await call_next(request)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.add_middleware(BodySizeMiddleware)


@app.post("/items")
async def add_item(item: dict[str, str]) -> int:
    return len(item["name"])


# --- check ---
def check(bench: Bench) -> None:
    import socket
    import time
    import urllib.request

    with bench.server() as server:
        request = urllib.request.Request(server.url("/items"), b'{"name": "abc"}', {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=5) as response:
            assert response.read() == b"3"
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
            client.sendall(
                b"POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b'Content-Length: 1000\r\n\r\n{"name": '
            )
            time.sleep(0.5)
        assert not server.wait_for_log("ClientDisconnect", 2)
        assert "Exception in ASGI application" not in server.log
