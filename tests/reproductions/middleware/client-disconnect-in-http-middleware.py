"""A client that leaves in mid-upload makes a BaseHTTPMiddleware that reads the body fail with a traceback."""

from troubleshoot.testing import Bench, eventually

READ = "        body = await request.body()\n"
RETURN = "        return await call_next(request)\n"
WRONG = {
    "except RuntimeError around call_next": [
        (
            RETURN,
            """        try:
            return await call_next(request)
        except RuntimeError:
            return Response(status_code=499)
""",
        ),
        ("from fastapi import Request", "from fastapi import Request, Response"),
    ],
    "except Exception around the reading": [
        (
            READ,
            """        try:
            body = await request.body()
        except Exception:
            body = b""
""",
        )
    ],
}

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

logging.basicConfig(level=logging.INFO)
app = FastAPI()
app.add_middleware(BodySizeMiddleware)


class Watch:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        print("begins", flush=True)
        try:
            await self.app(scope, receive, send)
        finally:
            print("ends", flush=True)


app.add_middleware(Watch)


@app.post("/items")
async def add_item(item: dict[str, str]) -> int:
    return len(item["name"])


# --- check ---
def check(bench: Bench) -> None:
    import socket
    import urllib.request

    with bench.server() as server:
        request = urllib.request.Request(server.url("/items"), b'{"name": "abc"}', {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as response:
            assert response.read() == b"3"
        assert server.wait_for_log("15 bytes")
        begun = server.log.count("begins")
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
            client.sendall(
                b"POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b'Content-Length: 1000\r\n\r\n{"name": '
            )
            assert eventually(lambda: server.log.count("begins") == begun + 1, 20)
        # The lifespan has begun, too, and ends with the server.
        assert eventually(lambda: server.log.count("ends") == begun, 20)
        assert server.wait_for_log(" 9 bytes", 2)
    assert "ClientDisconnect" not in server.log
    assert "Exception in ASGI application" not in server.log
