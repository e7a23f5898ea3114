"""pytest gets an async test and an async fixture, and nobody runs them."""

from troubleshoot.testing import Bench

BROKEN = """\
import pytest
from httpx2 import ASGITransport, AsyncClient


@pytest.fixture
async def client():
    from main import app

    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        yield client


async def test_home(client):
    response = await client.get("/")
    assert response.status_code == 200
"""
# The mark of a plugin that is not there.
ATTEMPT = BROKEN.replace("async def test_home", "@pytest.mark.asyncio\nasync def test_home")
WRONG = {"the first thing tried": ATTEMPT}

# --- application ---
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def home() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    done = bench.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "test_async.py", seconds=60)
    if not bench.fixed:
        assert "requested an async fixture 'client'" in done.stdout or "not natively supported" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("1 passed in "), done.stdout
    assert done.returncode == 0
