"""The probe names the line that holds a connection, for both kinds of engine, and shows a deadlock of both pools."""

import re
import threading

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench, get

APPLICATION = """
import asyncio
import time
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from pool_occupancy import pool_occupancy

engine = ENGINE
app = FastAPI(lifespan=pool_occupancy)


@app.get("/async")
async def slow_async() -> None:
    async with AsyncSession(engine) as session:
        await session.execute(text("SELECT 1"))
        await asyncio.sleep(2.5)


def get_session():
    with Session(engine) as session:
        yield session


SessionDependency = Annotated[Session, Depends(get_session)]


def get_user(session: SessionDependency) -> int:
    number = session.scalar(text("SELECT 1"))
    time.sleep(0.05)
    return number


@app.get("/sync")
def slow_sync(session: SessionDependency, user: Annotated[int, Depends(get_user)]) -> int:
    return user


@app.get("/quick")
async def quick() -> None:
    pass
"""


def lay_out(folder, engine: str) -> Bench:
    content = find_content()
    snippet = Renderer(content, load(content)).probe("pool-occupancy", {"engine": "main:engine"})
    (folder / snippet.file_name).write_text(snippet.text)
    (folder / "main.py").write_text(APPLICATION.replace("ENGINE", engine))
    return Bench(folder, fixed=False)


def call(server, path: str, times: int) -> None:
    threads = [threading.Thread(target=get, args=(server.url(path),)) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_an_idle_application_holds_nothing(tmp_path):
    with lay_out(tmp_path, 'create_engine("sqlite:///app.db")').server() as server:
        assert server.wait_for_log("connections out 0 (pool 5 + 0 overflow); threads 0 of 40, waiting 0")


def test_the_line_that_took_the_connection_of_an_async_session_is_named(tmp_path):
    with lay_out(tmp_path, 'create_async_engine("sqlite+aiosqlite:///app.db")').server() as server:
        call(server, "/async", 2)
        number = APPLICATION[: APPLICATION.index("await session.execute")].count("\n") + 1
        expected = (
            rf"connections out 2 \(pool 5 \+ 0 overflow\), oldest \S+ s, taken by \S+main\.py:{number} in slow_async;"
        )
        assert re.search(expected, server.log), server.log
        assert server.wait_for_log("connections out 0")


def test_a_deadlock_of_threads_and_connections_is_visible(tmp_path):
    engine = 'create_engine("sqlite:///app.db", pool_size=3, max_overflow=0, pool_timeout=4)'
    with lay_out(tmp_path, engine).server() as server:
        call(server, "/sync", 60)
        expected = r"connections out 3 .+, taken by \S+main\.py:\d+ in get_user; threads 40 of 40, waiting [1-9]"
        assert re.search(expected, server.log), server.log
