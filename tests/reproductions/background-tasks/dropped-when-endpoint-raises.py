"""A task added before HTTPException is raised never runs, because the response that would carry it is never built."""

from troubleshoot.testing import Bench, get

ADDED = "        tasks.add_task(record_failure, item_id)\n"
RAISED = '        raise HTTPException(404, "no such item")\n'
WRONG = {
    "add_task in finally": [
        (f"{ADDED}{RAISED}", f"        try:\n    {RAISED}        finally:\n    {ADDED}"),
    ],
    "running the task before the exception": [(ADDED, f"{ADDED}        await tasks()\n")],
    "the tasks given to an injected response": [
        (ADDED, f"{ADDED}        response.background = tasks\n"),
        ("item_id: int, tasks: BackgroundTasks", "item_id: int, tasks: BackgroundTasks, response: Response"),
        ("FastAPI, HTTPException", "FastAPI, HTTPException, Response"),
    ],
}

# --- broken ---
import logging

from fastapi import BackgroundTasks, FastAPI, HTTPException

logger = logging.getLogger(__name__)
app = FastAPI()


def record_failure(item_id: int) -> None:
    logger.warning("recorded: nobody has item %s", item_id)


@app.get("/items/{item_id}")
async def read_item(item_id: int, tasks: BackgroundTasks) -> dict[str, int]:
    if item_id != 1:
        tasks.add_task(record_failure, item_id)
        raise HTTPException(404, "no such item")
    return {"item_id": item_id}


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/items/1"))[::2] == (200, '{"item_id":1}')
        assert get(server.url("/items/7"))[::2] == (404, '{"detail":"no such item"}')
        assert server.wait_for_log("recorded: nobody has item 7", seconds=3 if bench.fixed else 1)
        assert server.log.index("404 Not Found") < server.log.index("recorded"), "the client had to wait for the task"
