"""A helper with a Depends default is called by an endpoint and by a job, and both get the Depends object."""

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


def count_items(db: Session = Depends(get_db)) -> int:
    return db.execute(text("SELECT 1")).scalar_one()


@router.get("/items/count")
def read_count() -> int:
    return count_items()


def nightly_report() -> int:
    return count_items()


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    job = bench.run("-c", "import main; print(main.nightly_report())")
    assert "'Depends' object has no attribute" not in job.stderr
    assert job.stdout == "1\n", job.stderr
    with bench.server() as server:
        assert get(server.url("/items/count"))[2] == "1"
