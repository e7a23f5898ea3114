"""A middleware that sends the response after the application has returned makes the client wait for the tasks."""

import time

from troubleshoot.testing import Bench, get

# --- broken ---
import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)


class TimingMiddleware:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, keep)
        logger.warning("%s took %.3f s", scope["path"], time.perf_counter() - started)
        for message in messages:
            await send(message)


# --- application ---
import asyncio

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()
app.add_middleware(TimingMiddleware)


async def work() -> None:
    await asyncio.sleep(2)
    logger.warning("work done")


@app.post("/jobs", status_code=202)
async def start(tasks: BackgroundTasks) -> None:
    tasks.add_task(work)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        started = time.monotonic()
        assert get(server.url("/jobs"), method="POST")[0] == 202
        waited = time.monotonic() - started
        assert server.wait_for_log("work done", seconds=5)
        assert server.wait_for_log("/jobs took", seconds=2)
    assert waited < 1.2, f"the answer took {waited:.1f} s"
