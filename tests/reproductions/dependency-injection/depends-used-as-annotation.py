"""Depends in the place of the type is taken for a data type, and the import fails inside Pydantic."""

from troubleshoot.testing import Bench

WRONG = {
    "None as the default": [("db: Depends(get_db)", "db: Depends(get_db) = None")],
    "the annotation in quotes": [("db: Depends(get_db)", 'db: "Depends(get_db)"')],
    "Annotated without the type": [
        ("db: Depends(get_db)", "db: Annotated[Depends(get_db), None]"),
        (
            "from collections.abc import Iterator\n",
            "from collections.abc import Iterator\nfrom typing import Annotated\n",
        ),
    ],
}

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
    asked = "from fastapi.testclient import TestClient; print(TestClient(main.app).get('/items').text)"
    done = bench.run("-W", "ignore", "-c", f"import main; {asked}", seconds=60)
    assert (done.returncode, done.stdout) == (0, "[1]\n"), done.stderr
