"""Without Depends the session is taken for a data type, and the import fails; the settings would become a body."""

from troubleshoot.testing import Bench

WRONG = {
    "response_model=None": [('@router.get("/items")', '@router.get("/items", response_model=None)')],
    "the function without Depends": [
        ("db: Session,", "db: Annotated[Session, SessionLocal],"),
        ("from dataclasses import dataclass\n", "from dataclasses import dataclass\nfrom typing import Annotated\n"),
    ],
    "a session that nobody closes": [
        (
            "db: Session, settings: Settings)",
            "db: Session = Depends(lambda: SessionLocal()), settings: Settings = Depends(lambda: Settings()))",
        ),
        ("from fastapi import APIRouter\n", "from fastapi import APIRouter, Depends\n"),
    ],
    "Depends for the session alone": [
        ("db: Session, settings: Settings)", "settings: Settings = Settings(), db: Session = Depends(get_db))"),
        ("from fastapi import APIRouter\n", "from fastapi import APIRouter, Depends\n"),
        (
            '@router.get("/items")',
            'def get_db():\n    with SessionLocal() as session:\n        yield session\n\n\n@router.get("/items")',
        ),
    ],
}

# --- broken ---
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionLocal = sessionmaker(engine, expire_on_commit=False)
router = APIRouter()


@dataclass(frozen=True)
class Settings:
    page_size: int = 50


@router.get("/items")
def read_items(db: Session, settings: Settings) -> list[int]:
    return list(db.scalars(text("SELECT 1 LIMIT :size"), {"size": settings.page_size}))


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    left = "print(main.engine.pool.checkedout())"
    operation = "*main.app.openapi()['paths']['/items']['get']"
    asked = f"from fastapi.testclient import TestClient; print(TestClient(main.app).get('/items').text, {operation})"
    done = bench.run("-W", "ignore", "-c", f"import gc, main; gc.disable(); {asked}; {left}", seconds=60)
    assert done.returncode == 0, done.stderr
    body, *described = done.stdout.split()
    assert body == "[1]"
    assert described.pop() == "0", "the session is still open"
    assert "responses" in described
    assert not {"parameters", "requestBody"} & {*described}
