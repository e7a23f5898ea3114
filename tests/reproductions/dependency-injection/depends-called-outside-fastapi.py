"""A helper with a Depends default is called by an endpoint and by a job, and both get the Depends object."""

from troubleshoot.testing import Bench, eventually, get

WRONG = {
    "Depends on one more layer": [
        (
            "def nightly_report() -> int:\n    return count_items()\n",
            "def nightly_report(db: Session = Depends(get_db)) -> int:\n    return count_items(db)\n",
        ),
        (
            "def read_count() -> int:\n    return count_items()\n",
            "def read_count(db: Session = Depends(get_db)) -> int:\n    return count_items(db)\n",
        ),
    ],
    "next(get_db())": [
        (
            "def read_count() -> int:\n    return count_items()\n",
            "def read_count() -> int:\n    return count_items(next(get_db()))\n",
        ),
        (
            "def nightly_report() -> int:\n    return count_items()\n",
            "def nightly_report() -> int:\n    return count_items(next(get_db()))\n",
        ),
    ],
    "Annotated instead of the default": [
        ("db: Session = Depends(get_db)", "db: Annotated[Session, Depends(get_db)]"),
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


class Watched(Session):
    def execute(self, *arguments, **options):
        steps.append("used")
        return super().execute(*arguments, **options)

    def close(self):
        steps.append("closed")
        super().close()


steps = []
SessionLocal.class_ = Watched


@app.get("/nightly")
def nightly() -> int:
    return nightly_report()


@app.get("/steps")
def read_steps() -> list[str]:
    return steps


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        assert get(server.url("/nightly"))[2] == "1", server.log
        assert get(server.url("/steps"))[2] == '["used","closed"]', "the session is closed once it has been used"
        assert get(server.url("/items/count"))[2] == "1"
        assert eventually(lambda: get(server.url("/steps"))[2] == '["used","closed","used","closed"]')
