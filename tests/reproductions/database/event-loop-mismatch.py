"""A job with an event loop of its own takes connections from the application's pool (asyncpg, PostgreSQL)."""

from troubleshoot.testing import Bench, get, postgresql

ENGINE = 'create_async_engine(os.environ["DATABASE_URL"])'
RUN = "    return asyncio.run(make_report())"
WRONG = {
    "pool_pre_ping": [(ENGINE, ENGINE.replace(")", ", pool_pre_ping=True)"))],
    "a new loop instead of asyncio.run": [
        (RUN, "    return asyncio.new_event_loop().run_until_complete(make_report())")
    ],
    "disposing of the shared engine behind the job": [
        (RUN, RUN.replace("make_report()", "make_report_and_dispose()")),
        (
            "def run_make_report",
            """async def make_report_and_dispose() -> int:
    try:
        return await make_report()
    finally:
        await engine.dispose()


def run_make_report""",
        ),
    ],
}

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
    def ask(path: str, method: str) -> tuple[int, str]:
        try:
            return get(server.url(path), method=method)[::2]
        except OSError as error:  # a socket that one loop has closed may be another one's by then
            return 0, str(error)

    with postgresql(bench.folder) as url:
        environment = {"DATABASE_URL": url.replace("postgresql:", "postgresql+asyncpg:")}
        with bench.server(env=environment) as server:
            calls = [("/now", "GET"), ("/report", "POST")] * 3
            answers = [ask(path, method) for path, method in calls]
    assert "different loop" not in server.log
    assert "loop is closed" not in server.log
    assert answers == [(200, "1"), (200, "42")] * 3
