"""A middleware that waits for another service without await keeps requests waiting that do not need the service."""

from troubleshoot.testing import Bench, get

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
    import time
    from concurrent.futures import ThreadPoolExecutor

    asked = threading.Event()

    class SlowKeys(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.set()
            time.sleep(2)
            self.send_response(200)
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
            assert asked.wait(10)
            started = time.monotonic()
            assert get(server.url("/health"))[0] == 200
            waited = time.monotonic() - started
            assert slow.result()[0] == 200
        assert waited < 1.0, f"/health waited {waited:.1f} s for somebody else's key"
    finally:
        keys.shutdown()
        keys.server_close()
