"""Forty-five tasks in plain `def` hold all the threads, so a trivial `def` endpoint waits until the first have ended."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"threads": "30"}

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
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


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
        orders = [clients.submit(get, server.url(f"/reports?number={n}"), method="POST") for n in range(45)]
        assert {order.result()[0] for order in orders} == {202}
        started = time.monotonic()
        assert get(server.url("/async-health"))[0] == 200
        assert time.monotonic() - started < 1, "the event loop itself is blocked, which is another cause"
        started = time.monotonic()
        assert get(server.url("/sync-health"), seconds=30)[0] == 200
        waited = time.monotonic() - started
        assert waited < 1, f"a trivial def endpoint waited {waited:.2f} s"
        assert server.wait_for_log("report 44 is ready", seconds=12)
