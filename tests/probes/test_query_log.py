"""The probe counts and times the queries of each request, with a synchronous and with an async engine."""

import re

import pytest

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import load
from troubleshoot.fixes.parameters import fill
from troubleshoot.fixes.rendering import Renderer
from troubleshoot.testing import Bench, get

SYNC = """
import time
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from query_log import QueryLog

engine = create_engine("sqlite:///app.db")
app = FastAPI()
app.add_middleware(QueryLog, engine=engine)

@app.get("/many")
def many() -> int:
    with engine.connect() as connection:
        return sum(connection.scalar(text("SELECT :n"), {"n": n}) for n in range(5))

@app.get("/none")
def none() -> str:
    return "ok"

@app.get("/slow")
def slow() -> int:
    with engine.connect() as connection:
        connection.connection.dbapi_connection.create_function("pause", 0, lambda: time.sleep(0.3) or 7)
        return connection.scalar(text("SELECT\\n  pause()"))
"""
ASYNC = """
import asyncio
import time
from fastapi import FastAPI
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import create_async_engine
from query_log import QueryLog

engine = create_async_engine("sqlite+aiosqlite:///app.db")
app = FastAPI()
app.add_middleware(QueryLog, engine=engine)

@event.listens_for(engine.sync_engine, "connect")
def connect(dbapi_connection, record) -> None:
    dbapi_connection.create_function("pause", 0, lambda: time.sleep(0.3) or 7)

async def one(n: int) -> int:
    async with engine.connect() as connection:
        return await connection.scalar(text("SELECT :n"), {"n": n})

@app.get("/many")
async def many() -> int:
    return sum(await asyncio.gather(*(one(n) for n in range(5))))

@app.get("/none")
async def none() -> str:
    return "ok"

@app.get("/slow")
async def slow() -> int:
    async with engine.connect() as connection:
        return await connection.scalar(text("SELECT\\n  pause()"))
"""


@pytest.mark.parametrize("application", [SYNC, ASYNC], ids=["sync", "async"])
def test_query_log_tells_how_many_queries_a_request_sends(application, tmp_path):
    content = find_content()
    catalog = load(content)
    probe = catalog.questions["database-query-count"].probe
    assert probe is not None
    snippet = Renderer(content, catalog).probe(probe.template, fill(probe.parameters, (), {}))
    (tmp_path / snippet.file_name).write_text(snippet.text)
    (tmp_path / "main.py").write_text(application)
    with Bench(tmp_path, fixed=True).server() as server:
        assert [get(server.url(path))[2] for path in ("/many", "/none", "/slow")] == ["10", '"ok"', "7"]
        assert server.wait_for_log("GET /slow: ")
    assert re.search(r"GET /many: 5 queries, \d+\.\d ms", server.log), server.log
    assert re.search(r"GET /none: 0 queries, 0\.0 ms", server.log), server.log
    total = re.search(r"GET /slow: 1 queries, (\d+\.\d) ms", server.log)
    single = re.search(r"(\d+\.\d) ms SELECT pause\(\)", server.log)
    assert total is not None, server.log
    assert single is not None, server.log
    assert float(total[1]) >= 290
    assert float(single[1]) >= 290
