"""While an async endpoint waits in a blocking call, a trivial endpoint does not answer."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"path": "/report", "endpoint": "read_report"}
RETURNED = "    return fetch_report()\n"
DEFINED = "def fetch_report() -> dict[str, str]:\n"
ASYNCIO = ("import time\n", "import asyncio\nimport time\n")
WRONG = {
    "async def for the function, too": [(DEFINED, f"async {DEFINED}"), (RETURNED, "    return await fetch_report()\n")],
    "asyncio.create_task": [
        (DEFINED, f"async {DEFINED}"),
        (RETURNED, "    return await asyncio.create_task(fetch_report())\n"),
        ASYNCIO,
    ],
    "giving way once before it": [(RETURNED, f"    await asyncio.sleep(0)\n{RETURNED}"), ASYNCIO],
}

# --- broken ---
import time

from fastapi import APIRouter

router = APIRouter()


def fetch_report() -> dict[str, str]:
    time.sleep(2)
    return {"status": "done"}


@router.get("/report")
async def read_report() -> dict[str, str]:
    return fetch_report()


# --- application ---
import threading

from fastapi import FastAPI

app = FastAPI()
app.include_router(router)
called, ended = threading.Event(), threading.Event()


def wait_long(seconds: float) -> None:
    """The blocking call ends when another request says so, at the latest after three seconds."""
    called.set()
    print("the call", "was ended" if ended.wait(3) else "was waited for")


time.sleep = wait_long


@app.post("/end")
async def end() -> None:
    if called.is_set():
        ended.set()


# --- check ---
def check(bench: Bench) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor() as clients:
        slow = clients.submit(get, server.url("/report"), seconds=30)

        def over() -> bool:
            get(server.url("/end"), method="POST", seconds=30)
            return slow.done()

        assert eventually(over, seconds=20)
        assert slow.result()[2] == '{"status":"done"}'
        assert "the call was waited for" not in server.log, "no other request was served meanwhile"
