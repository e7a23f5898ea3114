"""A dependency that is called inside Depends breaks the import, so the server never starts."""

from troubleshoot.testing import Bench, get

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

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
def read_items(db: Annotated[Session, Depends(get_db())]) -> list[int]:
    return list(db.scalars(text("SELECT 1")))


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    started = bench.run("-c", "import main")
    assert "is not a callable object" not in started.stderr
    assert started.returncode == 0, started.stderr
    with bench.server() as server:
        status, _, body = get(server.url("/items"))
        assert (status, body) == (200, "[1]")
