"""A commit fails while another request reads row by row, and so does one of two requests that read and then write."""

from troubleshoot.testing import Bench, eventually, get

WAL = """SessionLocal = sessionmaker(engine, expire_on_commit=False)


@event.listens_for(engine, "connect")
def set_pragmas(connection, record):
    connection.execute("PRAGMA journal_mode=WAL")
"""
WRONG = {
    "a longer time-out": [('connect_args={"timeout": 2}', 'connect_args={"timeout": 60}')],
    "WAL mode alone": [("SessionLocal = sessionmaker(engine, expire_on_commit=False)\n", WAL)],
    "BEGIN IMMEDIATE alone": [('"BEGIN"', '"BEGIN IMMEDIATE"')],
}

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite:///app.db", connect_args={"timeout": 2})
SessionLocal = sessionmaker(engine, expire_on_commit=False)


@event.listens_for(engine, "begin")
def begin(connection):
    connection.exec_driver_sql("BEGIN")


def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


SessionDependency = WritingSession = Annotated[Session, Depends(get_session)]


# --- application ---
import threading
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from sqlalchemy import text

finish = threading.Event()
both_have_read = threading.Barrier(2)


@asynccontextmanager
async def lifespan(app):
    with SessionLocal.begin() as session:
        session.execute(text("CREATE TABLE item (id INTEGER PRIMARY KEY, visits INTEGER DEFAULT 0)"))
        session.execute(text("INSERT INTO item (id) VALUES (1), (2), (3)"))
    yield
    engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.get("/export")
def export(session: SessionDependency) -> int:
    rows = iter(session.execute(text("SELECT id FROM item").execution_options(yield_per=1)))
    next(rows)
    print("exporting", flush=True)
    finish.wait(30)
    return 1 + len(list(rows))


@app.post("/finish")
def finish_export() -> None:
    finish.set()


@app.post("/items")
def create_item(session: WritingSession) -> None:
    session.execute(text("INSERT INTO item (id) VALUES (4)"))
    session.commit()


@app.post("/visits")
def count_visit(session: WritingSession) -> int:
    visits = session.scalar(text("SELECT visits FROM item WHERE id = 1")) + 1
    with suppress(threading.BrokenBarrierError):
        both_have_read.wait(1)  # the two meet here if both may read
    session.execute(text("UPDATE item SET visits = :visits WHERE id = 1"), {"visits": visits})
    session.commit()
    return visits


# --- check ---
def check(bench: Bench) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with bench.server() as server, ThreadPoolExecutor() as clients:

        def post(path: str):
            return clients.submit(get, server.url(path), method="POST", seconds=60)

        export = clients.submit(get, server.url("/export"), seconds=60)
        assert server.wait_for_log("exporting", 20)
        created = post("/items")
        created_meanwhile = eventually(created.done, seconds=6)
        post("/finish").result()
        exported = export.result()
        visits = [post("/visits"), post("/visits")]
        counted = sorted((visit.result()[0], visit.result()[2]) for visit in visits)
    assert "database is locked" not in server.log
    assert created_meanwhile
    assert (created.result()[0], exported[0], exported[2]) == (200, 200, "3")
    assert counted == [(200, "1"), (200, "2")]
