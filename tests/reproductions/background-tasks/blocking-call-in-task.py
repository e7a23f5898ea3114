"""An async task that sleeps keeps the event loop, so another endpoint answers only when the task is over."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"path": "/reports", "task": "send_report"}

# --- broken ---
import logging
import time

from fastapi import APIRouter, BackgroundTasks

logger = logging.getLogger(__name__)
router = APIRouter()


async def send_report(recipient: str) -> None:
    time.sleep(2)
    logger.info("done for %s", recipient)


@router.post("/reports", status_code=202)
async def start_task(recipient: str, background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(send_report, recipient)
    return {"status": "accepted"}


# --- application ---
import logging

from fastapi import FastAPI

logging.basicConfig(level=logging.INFO)
app = FastAPI()
app.include_router(router)


@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import time

    with bench.server() as server:
        assert get(server.url("/health"))[0] == 200
        assert get(server.url("/reports?recipient=ann"), method="POST")[0] == 202
        started = time.monotonic()
        assert get(server.url("/health"))[0] == 200
        waited = time.monotonic() - started
        assert server.wait_for_log("done for ann", 5)
        assert waited < 1.0
