"""A dependency that is called inside Depends breaks the import, so the server never starts."""

from troubleshoot.testing import Bench

WRONG = {
    "next(get_db())": [("Depends(get_db())", "Depends(next(get_db()))")],
    "a lambda around the call": [("Depends(get_db())", "Depends(lambda: get_db())")],
    "return instead of yield": [
        ("Depends(get_db())", "Depends(get_db)"),
        ("    with SessionLocal() as session:\n        yield session\n", "    return SessionLocal()\n"),
        ("-> Iterator[Session]", "-> Session"),
    ],
}

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


class Watched(Session):
    def scalars(self, *arguments, **options):
        steps.append("used")
        return super().scalars(*arguments, **options)

    def close(self):
        steps.append("closed")
        super().close()


steps = []
SessionLocal.class_ = Watched


# --- check ---
def check(bench: Bench) -> None:
    asked = "from fastapi.testclient import TestClient; print(TestClient(main.app).get('/items').text, *main.steps)"
    done = bench.run("-W", "ignore", "-c", f"import main; {asked}", seconds=60)
    assert (done.returncode, done.stdout) == (0, "[1] used closed\n"), done.stderr
