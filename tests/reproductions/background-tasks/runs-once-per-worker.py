"""A periodic job in the lifespan of an application with two workers runs twice each time."""

from troubleshoot.testing import Bench, eventually, free_port

PORT = free_port()
PARAMETERS = {"job": "clean_up", "seconds": "1", "redis": f"redis://127.0.0.1:{PORT}/0"}

# --- broken ---
import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator

from fastapi import FastAPI

logger = logging.getLogger(__name__)


async def clean_up(run: int) -> None:
    logger.warning("run %d in process %d", run, os.getpid())


async def run_periodically() -> None:
    while True:
        run = int(time.time()) + 1
        await asyncio.sleep(run - time.time() + 0.01)
        await clean_up(run)


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    task = asyncio.create_task(run_periodically())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


app = FastAPI(lifespan=lifespan)


# --- check ---
def check(bench: Bench) -> None:
    import re
    import time

    redis = ["redis-server", "--port", str(PORT), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with bench.process(redis, port=PORT), bench.server("--workers", "2") as server:
        assert eventually(lambda: server.log.count("Application startup complete") == 2, 20)
        time.sleep(3.5)
        runs = re.findall(r"run (\d+) in process", server.log)
        assert len(set(runs)) >= 2, server.log
        assert "failed" not in server.log, server.log
        assert len(runs) == len(set(runs)), server.log
