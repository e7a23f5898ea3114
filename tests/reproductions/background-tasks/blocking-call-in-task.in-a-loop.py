"""A loop that was started with create_task sleeps, and keeps the event loop: no request is served meanwhile."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"task": "poll_prices"}
CALL = "        time.sleep(2)\n"
WRONG = {
    "a thread that nobody awaits": [
        (CALL, "        asyncio.get_running_loop().run_in_executor(None, time.sleep, 2)\n")
    ],
    "giving way once before it": [(CALL, f"        await asyncio.sleep(0)\n{CALL}")],
    "an async function around it": [
        (CALL, "        await work()\n"),
        ("async def poll_prices", f"async def work() -> None:\n{CALL[4:]}\n\nasync def poll_prices"),
    ],
}

# --- broken ---
import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

logger = logging.getLogger(__name__)


async def poll_prices() -> None:
    while True:
        await asyncio.sleep(1)
        time.sleep(2)
        logger.info("a round is over")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    task = asyncio.create_task(poll_prices())
    yield
    task.cancel()


# --- application ---
import logging
import threading

logging.basicConfig(level=logging.INFO)
app = FastAPI(lifespan=lifespan)
called, ended = threading.Event(), threading.Event()


def wait_long(seconds: float) -> None:
    """The blocking call ends when another request says so, at the latest after some seconds."""
    called.set()
    logging.info("the call %s", "was ended" if ended.wait(5) else "was waited for")


time.sleep = wait_long


@app.post("/end")
async def end() -> None:
    if called.is_set():
        ended.set()


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:

        def ended(text: str) -> bool:
            get(server.url("/end"), method="POST")
            return text in server.log

        assert eventually(lambda: ended("a round is over"))
        assert "the call was waited for" not in server.log, "no other request was served meanwhile"
        if eventually(lambda: ended("the call was"), seconds=3):  # asyncio.sleep in its place is no such call
            assert server.log.index("the call was") < server.log.index("a round is over"), "a round is over too early"
