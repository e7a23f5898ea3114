"""A middleware that waits for another service without await keeps requests waiting that do not need the service."""

from troubleshoot.testing import Bench, get

WRONG = {
    "an async function around the blocking call": [
        (
            """        with urllib.request.urlopen(os.environ["KEY_SERVICE"] + key, timeout=5) as answer:
            if answer.status != 200:
                return JSONResponse({"detail": "unknown API key"}, status_code=401)
""",
            """        if not await is_known(key):
            return JSONResponse({"detail": "unknown API key"}, status_code=401)
""",
        ),
        (
            """@app.middleware("http")
""",
            """async def is_known(key: str) -> bool:
    try:
        with urllib.request.urlopen(os.environ["KEY_SERVICE"] + key, timeout=5) as answer:
            return answer.status == 200
    except urllib.error.HTTPError:
        return False


@app.middleware("http")
""",
        ),
    ],
    "the endpoints written with def": [("async def health", "def health")],
}

# --- broken ---
import os
import urllib.request

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def check_key(request: Request, call_next):
    key = request.headers.get("x-api-key")
    if key:
        with urllib.request.urlopen(os.environ["KEY_SERVICE"] + key, timeout=5) as answer:
            if answer.status != 200:
                return JSONResponse({"detail": "unknown API key"}, status_code=401)
    return await call_next(request)


# --- application ---
@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import http.server
    import threading
    from concurrent.futures import ThreadPoolExecutor

    asked, released = threading.Event(), threading.Event()
    order: list[str] = []

    class SlowKeys(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith("k1"):
                asked.set()
                released.wait(3)
                order.append("key")
            self.send_response(200 if self.path.endswith("k1") else 204)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    keys = http.server.ThreadingHTTPServer(("127.0.0.1", 0), SlowKeys)
    threading.Thread(target=keys.serve_forever, daemon=True).start()
    try:
        service = f"http://127.0.0.1:{keys.server_port}/keys/"
        with bench.server(env={"KEY_SERVICE": service}) as server, ThreadPoolExecutor() as pool:
            slow = pool.submit(get, server.url("/health"), headers={"X-API-Key": "k1"})
            assert asked.wait(20)
            assert get(server.url("/health"), seconds=20)[::2] == (200, '"ok"')
            order.append("/health")
            released.set()
            assert slow.result()[::2] == (200, '"ok"')
            assert order == ["/health", "key"], "/health waited for somebody else's key"
            assert get(server.url("/health"), headers={"X-API-Key": "k2"})[0] == 401
    finally:
        keys.shutdown()
        keys.server_close()
