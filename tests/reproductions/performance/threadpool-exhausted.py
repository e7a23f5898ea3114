"""While more slow requests run than there are threads, a trivial `def` endpoint waits, with an idle processor."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"path": "/slow", "endpoint": "read_slow", "threads": "60"}
EXECUTOR = """@asynccontextmanager
async def lifespan(app):
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(100))
    yield


app = FastAPI(lifespan=lifespan)
"""
WRONG = {
    "a default executor": [
        ("app = FastAPI()\n", EXECUTOR),
        (
            "from fastapi import FastAPI\n",
            "import asyncio\nfrom concurrent.futures import ThreadPoolExecutor\nfrom contextlib import asynccontextmanager\n\n"
            "from fastapi import FastAPI\n",
        ),
    ],
    "run_in_threadpool in an async endpoint": [
        (
            "    def read_slow() -> str:\n        time.sleep(3)\n",
            "    async def read_slow() -> str:\n        await run_in_threadpool(time.sleep, 3)\n",
        ),
        (
            "from fastapi import FastAPI\n",
            "from fastapi import FastAPI\nfrom fastapi.concurrency import run_in_threadpool\n",
        ),
    ],
}

# --- broken ---
from fastapi import FastAPI

app = FastAPI()


# --- application ---
import threading
import time

if "read_slow" not in globals():

    @app.get("/slow")
    def read_slow() -> str:
        time.sleep(3)
        return "done"


freed = threading.Event()
time.sleep = lambda seconds: freed.wait(60)  # the slow service answers when the check says so
arrived: list[str] = []


@app.middleware("http")
async def note(request, call_next):
    arrived.append(request.url.path)
    return await call_next(request)


@app.get("/arrived")
async def read_arrived() -> int:
    return arrived.count("/slow")


@app.post("/free")
async def free() -> None:
    freed.set()


@app.get("/sync-health")
def read_sync_health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor(45) as clients:
        slow = [clients.submit(get, server.url("/slow"), seconds=60) for _ in range(45)]
        assert eventually(lambda: get(server.url("/arrived"))[2] == "45", 20), "the event loop itself is blocked"
        try:
            served = get(server.url("/sync-health"), seconds=4)[2]
        except OSError:
            served = "nothing"
        assert get(server.url("/free"), method="POST")[0] == 200
        assert all(request.result()[2] == '"done"' for request in slow)
    assert served == '"ok"', "a trivial def endpoint waited for the slow ones"
