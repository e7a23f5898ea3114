"""The probe shows whether a background task starts, ends, fails, hangs, is collected or runs again."""

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench, get

MAIN = """
import asyncio
import gc
import time

from fastapi import BackgroundTasks, FastAPI, HTTPException

from background_task_timer import watched

app = FastAPI()


def plain(name: str) -> None:
    time.sleep(0.2)


async def coroutine(name: str) -> None:
    await asyncio.sleep(0.2)


async def failing() -> None:
    raise ValueError("on purpose")


async def hanging() -> None:
    await asyncio.Event().wait()


@app.post("/good")
async def good(background_tasks: BackgroundTasks) -> str:
    background_tasks.add_task(watched(plain), "ann")
    background_tasks.add_task(watched(coroutine), name="ann")
    return "ok"


@app.post("/fails")
async def fails(background_tasks: BackgroundTasks) -> str:
    background_tasks.add_task(watched(failing))
    return "ok"


@app.post("/dropped")
async def dropped(background_tasks: BackgroundTasks) -> str:
    background_tasks.add_task(watched(plain), "bob")
    raise HTTPException(418)


@app.post("/hangs")
async def hangs(background_tasks: BackgroundTasks) -> str:
    background_tasks.add_task(watched(hanging))
    return "ok"


@app.post("/collected")
async def collected() -> str:
    asyncio.create_task(watched(hanging)())
    await asyncio.sleep(0.1)
    gc.collect()
    return "ok"


@app.post("/twice")
async def twice(background_tasks: BackgroundTasks) -> str:
    task = watched(plain)
    background_tasks.add_task(task, "eve")
    background_tasks.add_task(task, "eve")
    return "ok"


@app.post("/called")
async def called() -> str:
    watched(plain("joe"))
    return "ok"
"""


def test_the_probe_shows_what_becomes_of_a_task(tmp_path):
    content = find_content()
    renderer = Renderer(content, load(content))
    snippet = renderer.probe("background-task-timer", {"task": "plain", "seconds": "1"})
    assert snippet.file_name == "background_task_timer.py"
    (tmp_path / snippet.file_name).write_text(snippet.text)
    (tmp_path / "main.py").write_text(MAIN)
    with Bench(tmp_path, fixed=False).server("--timeout-graceful-shutdown", "1") as server:
        assert get(server.url("/good"), method="POST")[0] == 200
        assert server.wait_for_log("task 2 coroutine: ends after 0.")
        assert "task 1 plain: ordered in process" in server.log
        assert "task 1 plain: starts on thread AnyIO worker thread, start 1, 0." in server.log
        assert "task 1 plain: ends after 0." in server.log
        assert "task 2 coroutine: starts on the event loop, start 1, " in server.log

        assert get(server.url("/fails"), method="POST")[0] == 200
        assert server.wait_for_log("task 3 failing: ends with ValueError after 0.")
        assert "ValueError: on purpose" in server.log

        assert get(server.url("/dropped"), method="POST")[0] == 418
        assert get(server.url("/hangs"), method="POST")[0] == 200
        assert get(server.url("/collected"), method="POST")[0] == 200
        assert server.wait_for_log("task 6 hanging: thrown away after 0.")
        assert server.wait_for_log("task 4 plain: has not started after 1 s")
        assert server.wait_for_log("task 5 hanging: still runs after 1 s")
        assert "task 4 plain: starts" not in server.log
        assert "task 5 hanging: ends" not in server.log

        assert get(server.url("/twice"), method="POST")[0] == 200
        assert server.wait_for_log("task 7 plain: starts on thread AnyIO worker thread, start 2, ")
        assert get(server.url("/called"), method="POST")[0] == 200
        assert server.wait_for_log("None is no function: write the name without calling it")
