"""A session is handed to a process pool, and cannot be pickled."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"database_url": "sqlite:///reports.db", "path": "/reports", "worker": "make_report"}
NESTED = """
        def make(report_id):
            return make_report(session, report_id)

        return await asyncio.get_running_loop().run_in_executor(app.state.pool, make, report_id)
"""
WRONG = {
    "the engine instead of the session": [
        ("app.state.pool, make_report, session, report_id", "app.state.pool, make_report, engine, report_id"),
        (
            '    return "made " + session.scalar(text("select title from reports where id = :id"), {"id": report_id})\n',
            """    with Session(session) as own:
        return "made " + own.scalar(text("select title from reports where id = :id"), {"id": report_id})
""",
        ),
    ],
    "a function inside the endpoint": [
        (
            "        return await asyncio.get_running_loop().run_in_executor(app.state.pool, make_report, session, report_id)\n",
            NESTED,
        )
    ],
    "functools.partial": [
        ("app.state.pool, make_report, session, report_id", "app.state.pool, partial(make_report, session, report_id)"),
        ("import asyncio\n", "import asyncio\nfrom functools import partial\n"),
    ],
}

# --- broken ---
import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

engine = create_engine("sqlite:///reports.db")


def make_report(session, report_id):
    return "made " + session.scalar(text("select title from reports where id = :id"), {"id": report_id})


@asynccontextmanager
async def lifespan(app):
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/reports/{report_id}")
async def order(report_id: int) -> str:
    with Session(engine) as session:
        return await asyncio.get_running_loop().run_in_executor(app.state.pool, make_report, session, report_id)


# --- application ---
import sqlite3

with sqlite3.connect("reports.db") as connection:
    connection.execute("create table if not exists reports (id integer primary key, title text)")
    connection.execute("insert or ignore into reports values (1, 'the year')")


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        status, _, body = get(server.url("/reports/1"), method="POST")
        if not bench.fixed:
            assert server.wait_for_log("pickle")
        assert (status, body) == (200, '"made the year"')
