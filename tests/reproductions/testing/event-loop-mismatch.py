"""The second asynchronous test takes a pooled connection that the loop of the first one has opened (PostgreSQL)."""

from troubleshoot.testing import Bench, postgresql

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
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgresql+asyncpg:")}

        def suite(*names: str) -> str:
            return bench.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *names, env=environment).stdout

        assert "1 passed" in suite("test_one.py::test_second")
        together = suite("test_one.py")
    assert "attached to a different loop" not in together
    assert "2 passed" in together, together
