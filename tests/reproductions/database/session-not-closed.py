"""A dependency that returns a session, and a helper that never closes one, use up the pool in a few requests."""

from troubleshoot.testing import Bench, eventually, get

PARAMETERS = {"pool_size": "2"}
BY_HAND = (
    '    session = SessionLocal()\n    return session.scalar(text("SELECT 1")) == 1\n',
    '    with SessionLocal() as session:\n        return session.scalar(text("SELECT 1")) == 1\n',
)
YIELDS = "def get_session():\n    session = SessionLocal()\n    yield session\n"
WRONG = {
    "a larger pool": [("pool_size=2", "pool_size=5")],
    "yield, and close() only if all goes well": [
        ("def get_session() -> Session:\n    return SessionLocal()\n", YIELDS + "    session.close()\n"),
        BY_HAND,
    ],
    "next() on the dependency where there is no request": [
        (
            "def get_session() -> Session:\n    return SessionLocal()\n",
            "def get_session():\n    with SessionLocal() as session:\n        yield session\n",
        ),
        ("    session = SessionLocal()\n", "    session = next(get_session())\n"),
    ],
    "connections that are tested": [("max_overflow=0)", "max_overflow=0, pool_pre_ping=True)")],
}

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
import gc

from fastapi import FastAPI, HTTPException

gc.disable()  # which gives back forgotten sessions when it comes across them
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
        for path, status in [("/items/0", 200), ("/items/1", 404), ("/health", 200)] * 4:
            assert get(server.url(path))[0] == status, server.log
        assert eventually(lambda: get(server.url("/checked-out"))[2] == "0")
    assert "QueuePool limit" not in server.log
