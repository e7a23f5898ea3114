"""A task that waits for something that never comes is still there long after it should have ended."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"task": "import_data", "seconds": "1"}
ADDED = "    background_tasks.add_task(import_data, job)\n"
WAITED = """        await asyncio.wait([asyncio.create_task(asyncio.Event().wait())], timeout=1)
        logging.error("%s was stopped after 1 s", job)
"""
WRONG = {
    "a limit around add_task": [
        (ADDED, f"    with anyio.move_on_after(1):\n    {ADDED}"),
        ("import asyncio\n", "import asyncio\n\nimport anyio\n"),
    ],
    "asyncio.wait, which cancels nothing": [
        ("        await asyncio.Event().wait()\n", WAITED),
        ("import asyncio\n", "import asyncio\nimport logging\n"),
    ],
}

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
async def read_running() -> tuple[int, int]:
    return len(running), len(asyncio.all_tasks())


# --- check ---
def check(bench: Bench) -> None:
    import json

    with bench.server() as server:

        def running() -> list[int]:
            return json.loads(get(server.url("/running"))[2])

        at_rest = running()
        assert at_rest[0] == 0
        assert get(server.url("/imports?job=nightly"), method="POST")[0] == 202
        assert eventually(lambda: running() == at_rest and "nightly was stopped after 1 s" in server.log, 4), running()
