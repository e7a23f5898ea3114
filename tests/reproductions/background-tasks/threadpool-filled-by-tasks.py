"""Forty-five tasks in plain `def` hold all the threads, so a trivial `def` endpoint waits until the first have ended."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"threads": "30"}
TASK = "def send_report(number: int) -> None:\n    time.sleep(3)\n"
WRONG = {
    "run_in_threadpool in an async task": [
        (TASK, "async def send_report(number: int) -> None:\n    await run_in_threadpool(time.sleep, 3)\n"),
        (
            "import APIRouter, BackgroundTasks\n",
            "import APIRouter, BackgroundTasks\nfrom fastapi.concurrency import run_in_threadpool\n",
        ),
    ],
    "a larger pool": [
        (
            "    tasks.add_task(",
            "    anyio.to_thread.current_default_thread_limiter().total_tokens = 100\n    tasks.add_task(",
        ),
        ("import logging\nimport time\n", "import logging\nimport time\n\nimport anyio.to_thread\n"),
    ],
    "async def for the task": [(TASK, f"async {TASK}")],
    "def for the endpoint": [("async def order_report", "def order_report")],
}

# --- broken ---
import logging
import time

from fastapi import APIRouter, BackgroundTasks

logger = logging.getLogger(__name__)
router = APIRouter()


def send_report(number: int) -> None:
    time.sleep(3)
    logger.warning("report %s is ready", number)


@router.post("/reports", status_code=202)
async def order_report(number: int, tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(send_report, number)
    return {"status": "accepted"}


# --- application ---
import threading

from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
freed = threading.Event()
started: list[float] = []


def work(seconds: float) -> None:
    """Stand for the work of a task, which lasts until the check lets it go."""
    started.append(seconds)
    freed.wait(60)


time.sleep = work


@app.post("/free")
async def free() -> int:
    """Return how many tasks were at work at once, and let them go."""
    at_once = len(started)
    freed.set()
    return at_once


@app.get("/sync-health")
def read_sync_health() -> str:
    return "ok"


@app.get("/async-health")
async def read_async_health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor(45) as clients:

        def status(path: str, method: str = "GET") -> int | None:
            try:
                return get(server.url(path), method=method, seconds=4)[0]
            except OSError:
                return None

        ordered = clients.map(lambda number: status(f"/reports?number={number}", "POST"), range(45))
        assert set(ordered) == {202}
        assert status("/async-health") == 200, "the event loop itself is blocked, which is another cause"
        served = status("/sync-health")
        at_once = int(get(server.url("/free"), method="POST")[2])
        assert server.wait_for_log("report 44 is ready", seconds=12)
    assert served == 200, "a trivial def endpoint waited for the tasks"
    assert at_once < 45, "nothing limits the tasks, so more of them fill any pool"
