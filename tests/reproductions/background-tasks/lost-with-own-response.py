"""A response with a background of its own displaces the tasks that a dependency has added to the injected object."""

from troubleshoot.testing import Bench, get

OWN = 'background=BackgroundTask(note, "clean-up")'
WRONG = {
    "a list of tasks for the response": [(OWN, 'background=BackgroundTasks([BackgroundTask(note, "clean-up")])')],
    "the tasks asked for, too": [
        ("create_report(_:", "create_report(tasks: BackgroundTasks, _:"),
        (
            '    return PlainTextResponse("done"',
            '    tasks.add_task(note, "clean-up")\n    return PlainTextResponse("done"',
        ),
    ],
    "add_task on a list of one's own": [
        (
            '    return PlainTextResponse("done", background=BackgroundTask(note, "clean-up"))\n',
            '    tasks = BackgroundTasks()\n    tasks.add_task(note, "clean-up")\n    return PlainTextResponse("done", background=tasks)\n',
        )
    ],
}

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
        assert server.wait_for_log("background: clean-up")
    assert "background: audit" in server.log
