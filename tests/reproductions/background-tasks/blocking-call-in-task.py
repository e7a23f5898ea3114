"""An async task that sleeps keeps the event loop, so another endpoint answers only when the task is over."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"path": "/reports", "task": "send_report"}
ADDED = "    background_tasks.add_task(send_report, recipient)\n"
WRONG = {
    "asyncio.create_task": [
        (ADDED, "    kept.add(asyncio.create_task(send_report(recipient)))\n"),
        ("router = APIRouter()\n", "router = APIRouter()\nkept = set()\n"),
        ("import logging\nimport time\n", "import asyncio\nimport logging\nimport time\n"),
    ],
    "a thread that nobody awaits": [
        ("    time.sleep(2)\n", "    asyncio.get_running_loop().run_in_executor(None, time.sleep, 2)\n"),
        ("import logging\nimport time\n", "import asyncio\nimport logging\nimport time\n"),
    ],
    "giving way once before it": [
        ("    time.sleep(2)\n", "    await asyncio.sleep(0.1)\n    time.sleep(2)\n"),
        ("import logging\nimport time\n", "import asyncio\nimport logging\nimport time\n"),
    ],
}

# --- broken ---
import logging
import time

from fastapi import APIRouter, BackgroundTasks

logger = logging.getLogger(__name__)
router = APIRouter()


async def send_report(recipient: str) -> None:
    time.sleep(2)
    logger.info("done for %s", recipient)


@router.post("/reports", status_code=202)
async def start_task(recipient: str, background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(send_report, recipient)
    return {"status": "accepted"}


# --- application ---
import logging
import threading

from fastapi import FastAPI

logging.basicConfig(level=logging.INFO)
app = FastAPI()
app.include_router(router)
called, ended = threading.Event(), threading.Event()


def wait_long(seconds: float) -> None:
    """The blocking call ends when another request says so, at the latest after three seconds."""
    called.set()
    logging.info("the call %s", "was ended" if ended.wait(3) else "was waited for")


time.sleep = wait_long


@app.post("/end")
async def end() -> None:
    if called.is_set():
        ended.set()


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/reports?recipient=ann"), method="POST")[0] == 202

        def ended(text: str) -> bool:
            get(server.url("/end"), method="POST")
            return text in server.log

        assert eventually(lambda: ended("done for ann"))
        assert "the call was waited for" not in server.log, "no other request was served meanwhile"
        if eventually(lambda: ended("the call was"), seconds=3):  # asyncio.sleep in its place is no such call
            assert server.log.index("the call was") < server.log.index("done for ann"), "it is not done yet"
