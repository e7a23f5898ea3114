"""A task that waits for something that never comes is still there long after it should have ended."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"task": "import_data", "seconds": "1"}

# --- broken ---
import asyncio

from fastapi import APIRouter, BackgroundTasks

router = APIRouter()
running: set[str] = set()


async def import_data(job: str) -> None:
    running.add(job)
    try:
        await asyncio.Event().wait()
    finally:
        running.discard(job)


@router.post("/imports", status_code=202)
async def start_import(job: str, background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(import_data, job)
    return {"status": "accepted"}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/running")
async def count_running() -> int:
    return len(running)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/imports?job=nightly"), method="POST")[0] == 202
        assert eventually(lambda: get(server.url("/running"))[2] == "1", 2) or bench.fixed
        assert eventually(lambda: get(server.url("/running"))[2] == "0", 4), "the task still runs"
        assert server.wait_for_log("nightly was stopped after 1 s", 2)
