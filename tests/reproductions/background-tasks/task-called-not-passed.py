"""The coroutine that add_task is given is never awaited, and Starlette fails to call it after the response."""

from troubleshoot.testing import Bench, get

# --- broken ---
import logging

from fastapi import APIRouter, BackgroundTasks

logger = logging.getLogger(__name__)
router = APIRouter()


async def send_confirmation(address: str) -> None:
    logger.warning("confirmation sent to %s", address)


@router.post("/orders", status_code=202)
async def create(address: str, tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(send_confirmation(address))
    return {"status": "accepted"}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/orders?address=ada"), method="POST")[0] == 202
        assert server.wait_for_log("confirmation sent to ada", seconds=2)
    assert "must be callable" not in server.log
    assert "was never awaited" not in server.log
