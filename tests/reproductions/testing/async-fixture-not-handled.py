"""pytest gets an async test and an async fixture, and nobody runs them."""

from troubleshoot.testing import Bench

PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "anyio.pytest_plugin")
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # whatever else is installed takes no part
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
WRONG = {
    "the mark of a plugin that is not there": [("async def test_home", "@pytest.mark.asyncio\nasync def test_home")],
    "asyncio.run in the test": [
        ("async def test_home", "def test_home"),
        ('await client.get("/")', 'asyncio.run(client.get("/"))'),
        ("import pytest\n", "import asyncio\n\nimport pytest\n"),
    ],
    "skipped": [("async def test_home", '@pytest.mark.skip("no plugin")\nasync def test_home')],
}

# --- application ---
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def home() -> str:
    return "ok"


# --- check ---
def check(bench: Bench) -> None:
    done = bench.run(*PYTEST, "test_async.py", seconds=120, env=ALONE)
    if not bench.fixed:
        assert "requested an async fixture 'client'" in done.stdout or "not natively supported" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("1 passed in "), done.stdout
    assert done.returncode == 0
