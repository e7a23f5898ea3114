"""While one request reads a long result row by row, another cannot commit."""

import threading

from troubleshoot.testing import Bench, eventually, get

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionLocal = sessionmaker(engine, expire_on_commit=False)


def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


SessionDependency = Annotated[Session, Depends(get_session)]


# --- application ---
import time
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import text


@asynccontextmanager
async def lifespan(app):
    with SessionLocal.begin() as session:
        session.execute(text("CREATE TABLE item (id INTEGER PRIMARY KEY)"))
        session.execute(text("INSERT INTO item VALUES (1), (2), (3)"))
    yield
    engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.get("/export")
def export(session: SessionDependency) -> int:
    count = 0
    for _ in session.execute(text("SELECT id FROM item").execution_options(yield_per=1)):
        if not count:
            print("exporting", flush=True)
            time.sleep(8)
        count += 1
    return count


@app.post("/items")
def create_item(session: SessionDependency) -> None:
    session.execute(text("INSERT INTO item VALUES (4)"))
    session.commit()


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        export = threading.Thread(target=lambda: get(server.url("/export"), seconds=20))
        export.start()
        assert eventually(lambda: "exporting" in server.log)
        status = get(server.url("/items"), method="POST", seconds=20)[0]
        still_exporting = export.is_alive()
        export.join()
    assert "database is locked" not in server.log
    assert status == 200
    assert still_exporting
