"""The work starts after the response, and the uploaded file is closed by then."""

from troubleshoot.testing import Bench

# --- broken ---
import asyncio
import logging

from fastapi import APIRouter, UploadFile

logger = logging.getLogger(__name__)
router = APIRouter()
running: set[asyncio.Task[None]] = set()


async def process(file: UploadFile) -> None:
    await asyncio.sleep(0.3)  # the response goes out meanwhile
    data = await file.read()
    logger.warning("processed %s bytes", len(data))


@router.post("/uploads", status_code=202)
async def upload(file: UploadFile) -> None:
    task = asyncio.create_task(process(file))
    running.add(task)
    task.add_done_callback(running.discard)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import requests

    with bench.server() as server:
        answer = requests.post(server.url("/uploads"), files={"file": b"x" * 100_000}, timeout=10)
        assert answer.status_code == 202
        assert server.wait_for_log("processed 100000 bytes", seconds=2), server.log
    assert "closed file" not in server.log
