"""A middleware that sends the response after the application has returned makes the client wait for the task."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"middleware": "TimingMiddleware", "header": "X-Process-Time"}
WRONG = {
    "only the head sent on at once": [
        (
            "            messages.append(message)\n",
            """            messages.append(message)
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Process-Time"] = "0"
                await send(messages.pop())
""",
        ),
        ('        MutableHeaders(scope=messages[0])["X-Process-Time"] = f"{time.perf_counter() - started:.3f}"\n', ""),
    ],
    "a plain def for the task": [
        ("async def write_report", "def write_report"),
        ("await allowed.wait()", "allowed.wait()"),
        ("allowed = asyncio.Event()", "allowed = threading.Event()"),
        ("import asyncio\n", "import threading\n"),
    ],
}

# --- broken ---
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class TimingMiddleware:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, collect)
        MutableHeaders(scope=messages[0])["X-Process-Time"] = f"{time.perf_counter() - started:.3f}"
        for message in messages:
            await send(message)


# --- application ---
import asyncio
import logging

from fastapi import BackgroundTasks, FastAPI

logging.basicConfig(level=logging.INFO)
app = FastAPI()
app.add_middleware(TimingMiddleware)
allowed = asyncio.Event()


async def write_report() -> None:
    await allowed.wait()
    logging.info("the report is written")


@app.post("/reports", status_code=202)
async def start_report(background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(write_report)
    return {"status": "accepted"}


@app.post("/allowed")
async def allow() -> None:
    allowed.set()


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        try:
            status, headers, body = get(server.url("/reports"), method="POST", seconds=3)
        except OSError as error:
            raise AssertionError("there is no response while the task works") from error
        finally:
            get(server.url("/allowed"), method="POST")
        assert (status, body) == (202, '{"status":"accepted"}')
        assert "x-process-time" in headers
        assert server.wait_for_log("the report is written")
