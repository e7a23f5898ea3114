"""A proxy that raises before it has closed the upstream response loses a connection each time."""

import os

from troubleshoot.testing import Bench, free_port, get

# The header runs more than once; the environment keeps the port the same.
PORT = int(os.environ.setdefault("POOL_TIMEOUT_PORT", str(free_port())))
PARAMETERS = {"library": "httpx2", "base_url": f"http://127.0.0.1:{PORT}", "path": "/files"}
FILES = {"address.py": f'BASE_URL = "http://127.0.0.1:{PORT}"\n'}
CALLS = 110
CLIENT = "httpx2.AsyncClient(base_url=BASE_URL, timeout=1)"
WRONG = {
    "a higher limit": [
        (CLIENT, "httpx2.AsyncClient(base_url=BASE_URL, timeout=1, limits=httpx2.Limits(max_connections=105))")
    ],
    "a longer time-out": [(CLIENT, "httpx2.AsyncClient(base_url=BASE_URL, timeout=3)")],
    "a client for each request": [
        ("    upstream = await client.send(", f"    client = {CLIENT}\n    upstream = await client.send("),
    ],
    "closing what is passed on": [
        ("aiter_raw())", "aiter_raw(), background=BackgroundTask(upstream.aclose))"),
        (
            "import StreamingResponse\n",
            "import StreamingResponse\nfrom starlette.background import BackgroundTask\n",
        ),
    ],
}

# --- broken ---
import httpx2
from address import BASE_URL
from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.responses import StreamingResponse

client = httpx2.AsyncClient(base_url=BASE_URL, timeout=1)
router = APIRouter()


@router.get("/files/{name}")
async def pass_on(name: str) -> StreamingResponse:
    upstream = await client.send(client.build_request("GET", f"/{name}"), stream=True)
    if upstream.is_error:
        raise HTTPException(502)
    return StreamingResponse(upstream.aiter_raw())


app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import itertools
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    connected: set[object] = set()
    at_once: list[int] = []

    class Upstream(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            connected.add(self)
            at_once.append(len(connected))

        def finish(self) -> None:
            connected.discard(self)
            super().finish()

        def do_GET(self) -> None:
            self.send_response(200 if self.path == f"/{CALLS}" else 404)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"files")

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Service(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a connection that the client has lost

    with Service(("127.0.0.1", PORT), Upstream) as upstream, bench.server() as server:
        threading.Thread(target=upstream.serve_forever, daemon=True).start()
        try:
            statuses = itertools.takewhile(
                lambda status: status == 502, (get(server.url(f"/files/{number}"))[0] for number in range(CALLS))
            )
            answered = len(list(statuses))
            status, _, body = get(server.url(f"/files/{CALLS}"))
            if not bench.fixed:
                assert server.wait_for_log("PoolTimeout")
            assert answered == CALLS, f"after {answered} calls no connection is free"
            assert (status, body) == (200, "files")
            assert max(at_once) <= 5, f"{max(at_once)} connections were open at once"
        finally:
            upstream.shutdown()
