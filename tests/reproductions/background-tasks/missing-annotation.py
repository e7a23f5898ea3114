"""Background tasks without an annotation are a parameter of the query, so the request is refused or nothing runs."""

from troubleshoot.testing import Bench, get

WRONG = {
    "response_model=None": [("status_code=202)", "status_code=202, response_model=None)")],
    "a default instead of a type": [
        ("background_tasks):", "background_tasks=BackgroundTasks()):"),
        ("import APIRouter", "import APIRouter, BackgroundTasks"),
    ],
    "Any": [
        ("background_tasks):", "background_tasks: Any):"),
        ("import logging\n", "import logging\nfrom typing import Any\n"),
    ],
}

# --- broken ---
import logging

from fastapi import APIRouter

logger = logging.getLogger(__name__)
router = APIRouter()


def send_confirmation(address: str) -> None:
    logger.warning("confirmation sent to %s", address)


@router.post("/orders", status_code=202)
async def create_order(address: str, background_tasks):
    background_tasks.add_task(send_confirmation, address)
    return {"status": "accepted"}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        status, _, text = get(server.url("/orders?address=ada"), method="POST")
        assert status == 202, text
        assert server.wait_for_log("confirmation sent to ada", seconds=2)
        assert "background_tasks" not in get(server.url("/openapi.json"))[2]
