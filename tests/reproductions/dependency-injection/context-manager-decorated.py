"""A decorated dependency serves with blocks, and breaks every request that injects it."""

from troubleshoot.testing import Bench, get

WRONG = {
    "with in the endpoint": [
        ("    return list(db.scalars", "    with db as session:\n        return list(session.scalars"),
    ],
    "without the decorator, and nothing for with": [
        ("@contextmanager\n", ""),
        ("from contextlib import contextmanager\n", ""),
    ],
    "asynccontextmanager": [
        ("@contextmanager\n", "@asynccontextmanager\n"),
        ("import contextmanager\n", "import asynccontextmanager\n"),
    ],
}

# --- broken ---
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionLocal = sessionmaker(engine, expire_on_commit=False)
router = APIRouter()


@contextmanager
def get_db() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


db_session = get_db


@router.get("/items")
def read_items(db: Annotated[Session, Depends(get_db)]) -> list[int]:
    return list(db.scalars(text("SELECT 1")))


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


@app.get("/nightly")
def nightly() -> int:
    """Not injected: what a script or a task does."""
    with db_session() as db:
        return db.scalar(text("SELECT 2"))


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/nightly"))[2] == "2"
        status, _, body = get(server.url("/items"))
        assert "'_GeneratorContextManager' object" not in server.log
        assert (status, body) == (200, "[1]")
