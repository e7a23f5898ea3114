"""A periodic job in the lifespan of an application with two workers runs twice each time."""

from troubleshoot.testing import Bench, eventually, free_port

PORT = free_port()
PARAMETERS = {"job": "clean_up", "seconds": "1", "redis": f"redis://127.0.0.1:{PORT}/0"}
CREATED = "    task = asyncio.create_task(run_periodically())\n"
LOGGER = "logger = logging.getLogger(__name__)\n"
RELEASED = """        lock = redis.lock("clean_up", timeout=60, blocking=False)
        if await lock.acquire():
            await clean_up(run)
            await lock.release()
"""
WRONG = {
    "a global flag": [
        (CREATED, f"    global started\n    if started:\n        return\n    started = True\n{CREATED}"),
        (LOGGER, f"{LOGGER}started = False\n"),
    ],
    "a lock in memory": [
        ("        await clean_up(run)\n", "        async with lock:\n            await clean_up(run)\n"),
        (LOGGER, f"{LOGGER}lock = asyncio.Lock()\n"),
    ],
    "a lock in Redis, released when the work is done": [
        ("        await clean_up(run)\n", RELEASED),
        (LOGGER, f'{LOGGER}redis = Redis.from_url("redis://127.0.0.1:{PORT}/0")\n'),
        ("from fastapi import FastAPI\n", "from fastapi import FastAPI\nfrom redis.asyncio import Redis\n"),
    ],
}

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


# --- application ---
from pathlib import Path


class Marks(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith("run ") and "in process" in record.getMessage():
            Path(f"run-{record.args[0]}").touch()


logging.basicConfig()
logger.addHandler(Marks())
try:
    Path("first").touch(exist_ok=False)
except FileExistsError:
    sleep = asyncio.sleep

    async def sleep_longer(seconds: float) -> None:
        """The second worker comes a little late: when the first one has done the run."""
        await sleep(seconds)
        done = Path(f"run-{round(time.time())}")
        for _ in range(100):
            if done.exists():
                break
            await sleep(0.02)
        await sleep(0.02)

    asyncio.sleep = sleep_longer


# --- check ---
def check(bench: Bench) -> None:
    import re

    redis = ["redis-server", "--port", str(PORT), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with bench.process(redis, port=PORT), bench.server("--workers", "2") as server:
        assert eventually(lambda: server.log.count("Application startup complete") == 2, 20)

        def runs() -> list[str]:
            return re.findall(r"run (\d+) in process", server.log)

        before = set(runs())
        assert eventually(lambda: len(set(runs()) - before) == 3, 20), server.log
        over = sorted(set(runs()) - before)[:2]  # the others may have been under way
        assert [runs().count(run) for run in over] == [1, 1], server.log
        assert "failed" not in server.log, server.log
