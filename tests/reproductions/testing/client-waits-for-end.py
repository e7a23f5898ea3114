"""The client calls the application in its own process, so it waits for the end of a stream, and of the tasks."""

from troubleshoot.testing import Bench

PARAMETERS = {"library": "httpx2"}

PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "anyio.pytest_plugin")
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # whatever else is installed takes no part
CLIENT = '    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:\n'
WRONG = {
    "a time limit of the client": [(CLIENT, CLIENT.replace(") as", ", timeout=0.5) as"))],
    "the lifespan as well": [(CLIENT, CLIENT.replace("async with ", "async with app.router.lifespan_context(app), "))],
    "no exceptions of the application": [(CLIENT, CLIENT.replace("app=app", "app=app, raise_app_exceptions=False"))],
}

BROKEN = """\
import pytest
from httpx2 import ASGITransport, AsyncClient

from main import app


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def client():
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        yield client
"""

FILES = {
    "main.py": """\
import asyncio

from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


async def ticks():
    number = 0
    while True:
        number += 1
        yield f"data: {number}\\n\\n"
        await asyncio.sleep(0.1)


@app.get("/events")
async def events() -> StreamingResponse:
    return StreamingResponse(ticks(), media_type="text/event-stream")


@app.post("/reports", status_code=202)
async def order_report(tasks: BackgroundTasks) -> None:
    tasks.add_task(asyncio.sleep, 3)
""",
    "test_main.py": """\
import anyio
import pytest


@pytest.mark.anyio
async def test_the_first_event_comes(client):
    with anyio.fail_after(2):
        async with client.stream("GET", "/events") as response:
            async for line in response.aiter_lines():
                assert line == "data: 1"
                break


@pytest.mark.anyio
async def test_the_response_does_not_wait_for_the_task(client):
    with anyio.fail_after(2):
        assert (await client.post("/reports")).status_code == 202
""",
}


# --- check ---
def check(bench: Bench) -> None:
    done = bench.run(*PYTEST, seconds=120, env=ALONE).stdout
    assert done.splitlines()[-1].startswith("2 passed in "), done
