"""A task that reads the upload after the request has ended finds a closed file."""

from troubleshoot.testing import Bench

PARAMETERS = {"path": "/imports", "task": "import_file"}

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
    import urllib.request

    from troubleshoot.testing import eventually

    body = (
        b'--limit\r\nContent-Disposition: form-data; name="file"; filename="people.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\n" + b"x" * 5000 + b"\r\n--limit--\r\n"
    )
    with bench.server() as server:
        request = urllib.request.Request(
            server.url("/imports"), data=body, headers={"Content-Type": "multipart/form-data; boundary=limit"}
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            assert response.status == 202
        assert eventually(lambda: "imported" in server.log or "closed file" in server.log, 5)
        assert "closed file" not in server.log, server.log
        assert "imported people.csv with 5000 bytes" in server.log
