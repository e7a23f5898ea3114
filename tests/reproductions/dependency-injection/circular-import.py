"""main imports the router, the router its dependencies, and these a setting of main: nothing can be imported."""

from troubleshoot.testing import Bench, get

BROKEN = """\
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from main import DATABASE_URL

engine = create_engine(DATABASE_URL)
SessionLocal = sessionmaker(engine, expire_on_commit=False)


def get_db() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


DatabaseSession = Annotated[Session, Depends(get_db)]
"""

FILES = {
    "items.py": """\
from fastapi import APIRouter
from sqlalchemy import text

from dependencies import DatabaseSession

router = APIRouter()


@router.get("/items")
def read_items(db: DatabaseSession) -> list[int]:
    return list(db.scalars(text("SELECT 1")))
""",
    "main.py": """\
from fastapi import FastAPI

from items import router

DATABASE_URL = "sqlite:///app.db"

app = FastAPI()
app.include_router(router)
""",
}


# --- check ---
def check(bench: Bench) -> None:
    started = bench.run("-c", "import main")
    assert "partially initialized module" not in started.stderr
    assert started.returncode == 0, started.stderr
    with bench.server() as server:
        assert get(server.url("/items"))[2] == "[1]"
