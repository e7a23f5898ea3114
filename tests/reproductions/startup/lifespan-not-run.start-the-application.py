"""The tests never start the application, so what its lifespan prepares is missing in them."""

from troubleshoot.testing import Bench

BROKEN = """\
from contextlib import asynccontextmanager

import pytest
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, AsyncClient


@pytest.fixture
def client():
    from main import app

    return TestClient(app)


@asynccontextmanager
async def started(app):
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        yield client
"""

WRONG = {
    "the client handed out by yield": [("    return TestClient(app)", "    yield TestClient(app)")],
    "one client for all tests": [("@pytest.fixture\n", '@pytest.fixture(scope="session")\n')],
    "the lifespan entered, and what it yields dropped": [
        ("    return TestClient(app)", "    with TestClient(app) as client:\n        yield client"),
        ("    async with AsyncClient", "    async with app.router.lifespan_context(app), AsyncClient"),
    ],
}

FILES = {
    "main.py": """\
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request

events = []


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.pool = "open"
    events.append("started")
    yield {"rates": 10}
    events.append("stopped")


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def read(request: Request):
    return [request.app.state.pool, request.state.rates]
""",
    "test_main.py": """\
import asyncio

from conftest import started
from main import app, events


def test_with_the_client(client):
    assert client.get("/").json() == ["open", 10]


def test_asynchronously():
    async def ask():
        async with started(app) as client:
            return (await client.get("/")).json()

    assert asyncio.run(ask()) == ["open", 10]


def test_each_start_has_its_stop():
    assert events == ["started", "stopped"] * 2
""",
}


# --- check ---
def check(bench: Bench) -> None:
    done = bench.run("-m", "pytest", "-q", "-p", "no:cacheprovider").stdout
    assert "'State' object has no attribute" not in done
    assert "3 passed" in done, done
