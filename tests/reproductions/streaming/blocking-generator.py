"""While an async generator blocks between its pieces, nobody else is answered."""

from troubleshoot.testing import Bench, get

ATTEMPT = """
import asyncio
import time

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

router = APIRouter()


async def pieces():
    for number in range(3):
        time.sleep(1)
        yield f"{number}\\n"
        await asyncio.sleep(0)


@router.get("/export")
async def stream_export() -> StreamingResponse:
    return StreamingResponse(pieces(), media_type="text/plain")
"""
WRONG = {"the first thing tried": ATTEMPT}

# --- broken ---
import time

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

router = APIRouter()


async def pieces():
    for number in range(3):
        time.sleep(1)
        yield f"{number}\n"


@router.get("/export")
async def stream_export() -> StreamingResponse:
    return StreamingResponse(pieces(), media_type="text/plain")


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/health")
async def health() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    import time
    import urllib.request

    with bench.server() as server, urllib.request.urlopen(server.url("/export"), timeout=10) as response:
        assert response.readline() == b"0\n"
        waits = []
        for _ in range(4):
            started = time.monotonic()
            assert get(server.url("/health"))[2] == '"ok"'
            waits.append(time.monotonic() - started)
            time.sleep(0.25)
        assert max(waits) < 0.6, f"another request waited for {max(waits):.1f} s"
        assert response.read() == b"1\n2\n"
