"""A response with a background of its own displaces the tasks that a dependency has added to the injected object."""

from troubleshoot.testing import Bench, get

# --- broken ---
import logging
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.responses import PlainTextResponse
from starlette.background import BackgroundTask

logger = logging.getLogger(__name__)
app = FastAPI()


def note(text: str) -> None:
    logger.warning("background: %s", text)


def audited(tasks: BackgroundTasks) -> None:
    tasks.add_task(note, "audit")


@app.post("/reports")
async def create_report(_: Annotated[None, Depends(audited)]) -> PlainTextResponse:
    return PlainTextResponse("done", background=BackgroundTask(note, "clean-up"))


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/reports"), method="POST")[::2] == (200, "done")
        assert server.wait_for_log("background: clean-up", seconds=3)
        assert server.wait_for_log("background: audit", seconds=1)
