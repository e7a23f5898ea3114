"""While an async generator blocks between its pieces, nobody else is answered."""

from troubleshoot.testing import Bench, get

WRONG = {
    "asyncio.sleep(0) after each piece": [
        ('        yield f"{number}\\n"\n', '        yield f"{number}\\n"\n        await asyncio.sleep(0)\n'),
        ("import time\n", "import asyncio\nimport time\n"),
    ],
    "asyncio.sleep(0) before each piece": [
        ("        time.sleep(1)\n", "        await asyncio.sleep(0)\n        time.sleep(1)\n"),
        ("import time\n", "import asyncio\nimport time\n"),
    ],
    "a plain def endpoint": [("async def stream_export", "def stream_export")],
}

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
import asyncio
import threading
from types import SimpleNamespace

from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
served = threading.Event()
pieces_made: list[str] = []


def work(seconds: float) -> None:
    """Stands for the slow part of a piece: it is done when somebody else has been served, or after some seconds."""
    print("working", flush=True)
    pieces_made.append("meanwhile" if served.wait(5) else "nobody was served")
    served.set()


async def work_or_give_way(seconds: float) -> None:
    await (event_loop.to_thread(work, seconds) if seconds else event_loop.sleep(0))


event_loop = asyncio
time, asyncio = SimpleNamespace(sleep=work), SimpleNamespace(sleep=work_or_give_way)


@app.get("/health")
async def health() -> str:
    served.set()
    return "ok"


@app.get("/pieces")
async def read_pieces() -> list[str]:
    return pieces_made


# --- check ---
def check(bench: Bench) -> None:
    import json
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor() as clients:
        stream = clients.submit(get, server.url("/export"), seconds=30)
        assert server.wait_for_log("working")
        assert get(server.url("/health"), seconds=30)[2] == '"ok"'
        assert stream.result()[2] == "0\n1\n2\n"
        assert json.loads(get(server.url("/pieces"))[2]) == ["meanwhile"] * 3
