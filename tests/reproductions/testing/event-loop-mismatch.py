"""The second asynchronous test takes a pooled connection that the loop of the first one has opened (PostgreSQL)."""

from troubleshoot.testing import Bench, postgresql

PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "anyio.pytest_plugin")
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # whatever else is installed takes no part
WRONG = {
    "connections that are tested": [('os.environ["DATABASE_URL"])', 'os.environ["DATABASE_URL"], pool_pre_ping=True)')],
    "an event_loop for the session": [
        (
            "@pytest.fixture\nasync def client():",
            """@pytest.fixture(scope="session")
def event_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
async def client():""",
        ),
        ("import pytest\nfrom httpx2", "import asyncio\n\nimport pytest\nfrom httpx2"),
    ],
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
import os
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine(os.environ["DATABASE_URL"])


async def get_session() -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine, expire_on_commit=False) as session:
        yield session


app = FastAPI()


@app.get("/one")
async def one(session: Annotated[AsyncSession, Depends(get_session)]) -> int:
    return (await session.execute(text("SELECT 1"))).scalar_one()
""",
    "test_one.py": """\
import pytest


@pytest.mark.anyio
async def test_first(client):
    assert (await client.get("/one")).json() == 1


@pytest.mark.anyio
async def test_second(client):
    assert (await client.get("/one")).json() == 1
""",
}


# --- check ---
def check(bench: Bench) -> None:
    with postgresql(bench.folder) as url:
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgresql+asyncpg:")} | ALONE

        def suite(*names: str) -> str:
            return bench.run(*PYTEST, *names, seconds=120, env=environment).stdout

        if not bench.fixed:
            assert "1 passed" in suite("test_one.py::test_second")
        together = suite("test_one.py")
    assert "attached to a different loop" not in together
    assert together.splitlines()[-1].startswith("2 passed in "), together
