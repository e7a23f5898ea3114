"""A hundred requests at once: forty threads wait for a connection, and those that hold one wait for a thread."""

from concurrent.futures import ThreadPoolExecutor

from troubleshoot.testing import Bench, get

PARAMETERS = {"pool_size": "4"}
MORE_THREADS = """async def have_more_threads() -> None:
    to_thread.current_default_thread_limiter().total_tokens = 60


More = Annotated[None, Depends(have_more_threads)]


"""
WRONG = {
    "an async dependency for the session": [
        ("def get_session() -> Iterator[Session]:", "async def get_session() -> AsyncIterator[Session]:"),
        ("import Iterator\n", "import AsyncIterator\n"),
    ],
    "a larger pool": [("pool_size=4", "pool_size=8")],
    "more threads": [
        ("from fastapi import Depends\n", "from anyio import to_thread\nfrom fastapi import Depends\n"),
        (
            "def get_session() -> Iterator[Session]:\n",
            MORE_THREADS + "def get_session(_: More) -> Iterator[Session]:\n",
        ),
    ],
}

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite:///app.db", pool_size=4, max_overflow=0, pool_timeout=1)
SessionLocal = sessionmaker(engine, expire_on_commit=False)


def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


SessionDependency = Annotated[Session, Depends(get_session)]


# --- application ---
import time

from fastapi import FastAPI
from sqlalchemy import text

app = FastAPI()


def get_user_id(session: SessionDependency) -> int:
    user_id = session.scalar(text("SELECT 7"))
    time.sleep(0.02)
    return user_id


@app.get("/me")
def read_me(user_id: Annotated[int, Depends(get_user_id)], session: SessionDependency) -> int:
    return session.scalar(text("SELECT :id"), {"id": user_id})


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server, ThreadPoolExecutor(100) as clients:
        answers = list(clients.map(lambda _: get(server.url("/me"), seconds=60), range(100)))
    assert [(status, body) for status, _, body in answers] == [(200, "7")] * 100
    assert "QueuePool limit" not in server.log
