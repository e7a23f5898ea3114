"""A dependency that returns a session, and a helper that never closes one, use up the pool in a few requests."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"pool_size": "2"}

# --- broken ---
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite:///app.db", pool_size=2, max_overflow=0)
SessionLocal = sessionmaker(engine, expire_on_commit=False)


def get_session() -> Session:
    return SessionLocal()


SessionDependency = Annotated[Session, Depends(get_session)]


def database_answers() -> bool:
    session = SessionLocal()
    return session.scalar(text("SELECT 1")) == 1


# --- application ---
from fastapi import FastAPI, HTTPException

engine.pool._timeout = 1  # the reproduction need not wait for 30 seconds
app = FastAPI()


@app.get("/items/{item_id}")
def read_item(item_id: int, session: SessionDependency) -> int:
    if session.scalar(text("SELECT 0")) != item_id:
        raise HTTPException(404)
    return item_id


@app.get("/health")
def health() -> bool:
    return database_answers()


@app.get("/checked-out")
async def checked_out() -> int:
    return engine.pool.checkedout()


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        answers = [get(server.url(path))[0] for path in ["/items/0", "/items/1", "/health"] * 4]
        assert answers == [200, 404, 200] * 4, answers
        assert eventually(lambda: get(server.url("/checked-out"))[2] == "0")
    assert "QueuePool limit" not in server.log
