"""The fixture of an older tutorial gives the application to AsyncClient, which no longer takes it."""

from troubleshoot.testing import Bench

PARAMETERS = {"library": "httpx2"}

PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "anyio.pytest_plugin")
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # whatever else is installed takes no part
CLIENT = '    async with AsyncClient(app=app, base_url="http://test") as client:\n'
WRONG = {
    "TestClient in its place": [
        (CLIENT, "    with TestClient(app) as client:\n"),
        ("from httpx2 import AsyncClient\n", "from fastapi.testclient import TestClient\n"),
    ],
    "the transport, and start-up code that does not run": [
        (CLIENT, CLIENT.replace("app=app", "transport=ASGITransport(app=app)")),
        ("import AsyncClient", "import ASGITransport, AsyncClient"),
    ],
}

BROKEN = """\
import pytest
from httpx2 import AsyncClient

from main import app


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def client():
    async with AsyncClient(app=app, base_url="http://test") as client:
        yield client
"""

FILES = {
    "main.py": """\
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app):
    app.state.ready = True
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/ready")
async def ready() -> bool:
    return app.state.ready
""",
    "test_ready.py": """\
import pytest


@pytest.mark.anyio
async def test_it_is_ready(client):
    assert (await client.get("/ready")).json() is True
""",
}


# --- check ---
def check(bench: Bench) -> None:
    done = bench.run(*PYTEST, seconds=120, env=ALONE).stdout
    assert "unexpected keyword argument" not in done
    assert done.splitlines()[-1].startswith("1 passed in "), done
