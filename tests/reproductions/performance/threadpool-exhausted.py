"""While more slow requests run than there are threads, a trivial `def` endpoint waits, with an idle processor."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/slow", "endpoint": "read_slow", "threads": "60"}

# --- broken ---
from fastapi import FastAPI

app = FastAPI()


# --- application ---
import time

if "read_slow" not in globals():

    @app.get("/slow")
    def read_slow() -> str:
        time.sleep(3)
        return "done"


@app.get("/sync-health")
def read_sync_health() -> str:
    return "ok"


@app.get("/async-health")
async def read_async_health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import time
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor(45) as clients:
        slow = [clients.submit(get, server.url("/slow"), seconds=30) for _ in range(45)]
        time.sleep(0.8)
        started = time.monotonic()
        assert get(server.url("/async-health"), seconds=30)[0] == 200
        assert time.monotonic() - started < 1, "the event loop itself is blocked, which is another cause"
        started = time.monotonic()
        assert get(server.url("/sync-health"), seconds=30)[0] == 200
        waited = time.monotonic() - started
        assert all(request.result()[2] == '"done"' for request in slow)
    assert waited < 1, f"a trivial def endpoint waited {waited:.2f} s"
