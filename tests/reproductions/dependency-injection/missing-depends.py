"""Without Depends the session is taken for a data type, and the import fails; the settings would become a body."""

from troubleshoot.testing import Bench, get

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
    import json

    started = bench.run("-c", "import main")
    assert "Invalid args for response field" not in started.stderr
    assert started.returncode == 0, started.stderr
    with bench.server() as server:
        status, _, body = get(server.url("/items"))
        assert (status, body) == (200, "[1]")
        operation = json.loads(get(server.url("/openapi.json"))[2])["paths"]["/items"]["get"]
        assert "parameters" not in operation
        assert "requestBody" not in operation
