"""Every request opens a connection of its own to the other service, although one could serve them all."""

import os

from troubleshoot.testing import Bench, get, free_port

# The header runs more than once; the environment keeps the port the same.
PORT = int(os.environ.setdefault("CLIENT_PER_REQUEST_PORT", str(free_port())))
PARAMETERS = {
    "library": "httpx2",
    "base_url": f"http://127.0.0.1:{PORT}",
    "path": "/weather",
    "endpoint": "read_weather",
}
MADE = "    async with httpx2.AsyncClient(base_url=BASE_URL, timeout=10) as client:\n"
WRONG = {
    "a dependency that makes the client": [
        (MADE, "    if True:\n"),
        ("@router.get", f"async def get_client():\n{MADE}        yield client\n\n\n@router.get"),
        ("read_weather()", "read_weather(client: httpx2.AsyncClient = Depends(get_client))"),
        ("import APIRouter, FastAPI", "import APIRouter, Depends, FastAPI"),
    ],
    "a client that is not closed": [
        (MADE, "    client = httpx2.AsyncClient(base_url=BASE_URL, timeout=10)\n    if True:\n")
    ],
    "a longer keep-alive": [
        (MADE, MADE.replace("timeout=10", "timeout=10, limits=httpx2.Limits(keepalive_expiry=600)"))
    ],
}
FILES = {"address.py": f'BASE_URL = "http://127.0.0.1:{PORT}"\n'}

# --- broken ---
import httpx2
from address import BASE_URL
from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.get("/weather")
async def read_weather() -> str:
    async with httpx2.AsyncClient(base_url=BASE_URL, timeout=10) as client:
        response = await client.get("/")
        response.raise_for_status()
        return response.text


app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    connections = []

    class Upstream(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            connections.append(self.client_address)

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"sunny")

        def log_message(self, format: str, *args: object) -> None:
            pass

    upstream = ThreadingHTTPServer(("127.0.0.1", PORT), Upstream)
    upstream.daemon_threads = True
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    try:
        with bench.server() as server:
            for _ in range(10):
                assert get(server.url("/weather"))[2] == '"sunny"'
    finally:
        upstream.shutdown()
        upstream.server_close()
    assert len(connections) <= 3, f"{len(connections)} connections for 10 requests, one after the other"
