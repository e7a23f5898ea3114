"""The fixture of an older tutorial gives the application to AsyncClient, which no longer takes it."""

from troubleshoot.testing import Bench

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
    done = bench.run("-m", "pytest", "-q", "-p", "no:cacheprovider").stdout
    assert "unexpected keyword argument" not in done
    assert "1 passed" in done, done
