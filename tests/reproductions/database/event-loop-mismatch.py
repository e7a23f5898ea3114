"""A job with an event loop of its own takes connections from the application's pool (asyncpg, PostgreSQL)."""

from troubleshoot.testing import Bench, get, postgresql

# --- broken ---
import asyncio
import os
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine(os.environ["DATABASE_URL"])
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with SessionLocal() as session:
        yield session


SessionDependency = Annotated[AsyncSession, Depends(get_session)]


async def make_report() -> int:
    async with SessionLocal() as session:
        return (await session.execute(text("SELECT 42"))).scalar_one()


def run_make_report() -> int:
    return asyncio.run(make_report())


# --- application ---
from fastapi import FastAPI

app = FastAPI()


@app.get("/now")
async def now(session: SessionDependency) -> int:
    return (await session.execute(text("SELECT 1"))).scalar_one()


@app.post("/report")
def report() -> int:
    return run_make_report()


# --- check ---
def check(bench: Bench) -> None:
    with postgresql(bench.folder) as url:
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgresql+asyncpg:")}
        with bench.server(env=environment) as server:
            calls = [("/now", "GET"), ("/report", "POST")] * 3
            answers = [get(server.url(path), method=method)[0] for path, method in calls]
    assert "different loop" not in server.log
    assert "loop is closed" not in server.log
    assert answers == [200] * 6
