"""Depends in the place of the type is taken for a data type, and the import fails inside Pydantic."""

from troubleshoot.testing import Bench, get

# --- broken ---
from collections.abc import Iterator

from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionLocal = sessionmaker(engine, expire_on_commit=False)
router = APIRouter()


def get_db() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


@router.get("/items")
def read_items(db: Depends(get_db)) -> list[int]:
    return list(db.scalars(text("SELECT 1")))


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    started = bench.run("-c", "import main")
    assert "'Depends' object has no attribute" not in started.stderr
    assert started.returncode == 0, started.stderr
    with bench.server() as server:
        status, _, body = get(server.url("/items"))
        assert (status, body) == (200, "[1]")
