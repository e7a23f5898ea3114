"""Two workers, and both run the job that stands in the lifespan."""

import time

from troubleshoot.testing import Bench

# --- broken ---
import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

logger = logging.getLogger(__name__)


async def send_reminders() -> None:
    logger.warning("send_reminders runs")


async def run_for_ever() -> None:
    while True:
        await send_reminders()
        await asyncio.sleep(1.0)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    task = asyncio.create_task(run_for_ever())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


app = FastAPI(lifespan=lifespan)

# --- application ---
import os

own = logging.StreamHandler()
own.setFormatter(logging.Formatter(f"worker {os.getpid()}: %(message)s"))
logger.addHandler(own)
logger.propagate = False


# --- check ---
def check(bench: Bench) -> None:
    with bench.server("--workers", "2", env={"TMPDIR": str(bench.folder)}) as server:
        assert server.wait_for_log("send_reminders runs", seconds=15)
        time.sleep(4)
        lines = [line for line in server.log.splitlines() if "send_reminders runs" in line]
        started = server.log.count("Application startup complete")
    assert started == 2, server.log
    assert len(lines) >= 2
    assert len({line.split(":")[0] for line in lines}) == 1, lines
