"""A task that reads the upload after the request has ended finds a closed file."""

from troubleshoot.testing import Bench, eventually

PARAMETERS = {"path": "/imports", "task": "import_file"}
STARTED = "asyncio.create_task(import_file(file))"
READ = "    size = len(await file.read())\n"
WRONG = {
    "copy.deepcopy": [
        (STARTED, "asyncio.create_task(import_file(copy.deepcopy(file)))"),
        ("import asyncio\n", "import asyncio\nimport copy\n"),
    ],
    "file.file instead": [(READ, "    size = len(file.file.read())\n")],
    "back to the start before reading": [(READ, f"    await file.seek(0)\n{READ}")],
}

# --- broken ---
import asyncio
import logging

from fastapi import APIRouter, UploadFile

logger = logging.getLogger(__name__)
router = APIRouter()
tasks: set[asyncio.Task[None]] = set()


async def import_file(file: UploadFile) -> None:
    await asyncio.sleep(0.5)
    size = len(await file.read())
    logger.warning("imported %s with %d bytes", file.filename, size)


@router.post("/imports", status_code=202)
async def start_import(file: UploadFile) -> dict[str, str]:
    task = asyncio.create_task(import_file(file))
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return {"status": "accepted"}


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import httpx2

    with bench.server() as server:
        for size in (5_000, 3_000_000):  # in memory, and in a temporary file
            response = httpx2.post(server.url("/imports"), files={"file": ("people.csv", b"x" * size)}, timeout=20)
            assert (response.status_code, response.text) == (202, '{"status":"accepted"}')
            done = f"imported people.csv with {size} bytes"
            assert eventually(lambda done=done: done in server.log or "closed file" in server.log, 10)
            assert "closed file" not in server.log, server.log
