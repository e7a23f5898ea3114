"""The coroutine that add_task is given is never awaited, and Starlette fails to call it after the response."""

from troubleshoot.testing import Bench, eventually, get

CALL = "tasks.add_task(send_confirmation(address))"
WRONG = {
    "awaiting the call": [(CALL, "tasks.add_task(await send_confirmation(address))")],
    "a lambda around the call": [(CALL, "tasks.add_task(lambda: send_confirmation(address))")],
    "awaiting it without add_task": [(CALL, "await send_confirmation(address)")],
}

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
        assert get(server.url("/orders?address=ada"), method="POST")[::2] == (202, '{"status":"accepted"}')
        assert eventually(lambda: "confirmation sent to ada" in server.log or "Exception in ASGI" in server.log)
        assert "was never awaited" not in server.log
        assert "Exception in ASGI" not in server.log
        assert server.log.index("202 Accepted") < server.log.index("confirmation sent to ada"), "the client had to wait"
