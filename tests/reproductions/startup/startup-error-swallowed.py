"""The lifespan catches its own failure; the server says that all is well and answers every request with 500."""

from troubleshoot.testing import Bench, eventually, get

WRONG = {
    "a log line with the traceback": [
        ("import os\n", "import logging\nimport os\n"),
        (
            '        print("could not connect", error)',
            '        logging.getLogger("uvicorn.error").exception("could not connect")',
        ),
    ],
    "None in its place": [
        ('        print("could not connect", error)', "        app.state.connection = None"),
    ],
    "a few more tries, and then on": [
        (
            """\
    try:
        app.state.connection = await connect()
    except Exception as error:
        print("could not connect", error)
""",
            """\
    for _ in range(3):
        try:
            app.state.connection = await connect()
            break
        except Exception as error:
            print("could not connect", error)
""",
        )
    ],
}

# --- broken ---
import os
from contextlib import asynccontextmanager

from fastapi import FastAPI


async def connect() -> str:
    if os.environ.get("SERVICE") != "up":
        raise ConnectionError("the service is not reachable")
    return "connection"


@asynccontextmanager
async def lifespan(app: FastAPI):
    try:
        app.state.connection = await connect()
    except Exception as error:
        print("could not connect", error)
    yield


app = FastAPI(lifespan=lifespan)

# --- application ---
from fastapi import Request


@app.get("/")
async def read(request: Request) -> str:
    return request.app.state.connection


# --- check ---
def check(bench: Bench) -> None:
    with bench.server(env={"SERVICE": "up"}) as server:
        assert get(server.url("/"))[2] == '"connection"'
    with bench.server(env={"SERVICE": "down"}, wait=False) as server:
        over = eventually(lambda: server.process.poll() is not None or "startup complete" in server.log, 20)
        assert over
        assert "Application startup complete." not in server.log
        assert server.process.poll() == 3
        assert "Application startup failed. Exiting." in server.log
        assert "the service is not reachable" in server.log
