"""main imports the router, the router its dependencies, and these a setting of main: nothing can be imported."""

from troubleshoot.testing import Bench

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

WRONG = {
    "the router imported further down": [
        ("from items import router\n\n", ""),
        ("app = FastAPI()\n", "from items import router\n\napp = FastAPI()\n"),
    ],
    "the whole module instead of the name": [
        ("from main import DATABASE_URL\n", "import main\n"),
        ("create_engine(DATABASE_URL)", "create_engine(main.DATABASE_URL)"),
    ],
    "under TYPE_CHECKING": [
        ("from main import DATABASE_URL\n", "if TYPE_CHECKING:\n    from main import DATABASE_URL\n"),
        ("from typing import Annotated\n", "from typing import TYPE_CHECKING, Annotated\n"),
    ],
}


# --- check ---
def check(bench: Bench) -> None:
    each_first = """
import importlib, sys
for first in ("main", "items", "dependencies"):
    for name in ("main", "items", "dependencies"):
        sys.modules.pop(name, None)
    importlib.import_module(first)
import main
from fastapi.testclient import TestClient
print(TestClient(main.app).get("/items").text)
"""
    done = bench.run("-W", "ignore", "-c", each_first, seconds=60)
    assert (done.returncode, done.stdout) == (0, "[1]\n"), done.stderr
