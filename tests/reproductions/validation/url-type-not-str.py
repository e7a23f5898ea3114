"""Addresses as objects: the engine, the driver and the JSON encoder all want texts."""

from troubleshoot.testing import Bench

WRONG = {
    "str() for the engine, model_dump() for the rest": [
        ("create_engine(settings.database_url)", "create_engine(str(settings.database_url))"),
        ('{"address": bookmark.link}', '{"address": bookmark.model_dump()["link"]}'),
    ],
    "arbitrary_types_allowed": [
        (
            f"class {name}(BaseModel):\n",
            f"class {name}(BaseModel):\n    model_config = {{'arbitrary_types_allowed': True}}\n",
        )
        for name in ("Settings", "Bookmark")
    ],
}

# --- broken ---
import json
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AnyUrl, BaseModel, HttpUrl
from sqlalchemy import Engine, create_engine, text

router = APIRouter()


class Settings(BaseModel):
    database_url: AnyUrl = AnyUrl("sqlite:///bookmarks.db")


class Bookmark(BaseModel):
    link: HttpUrl


def make_engine(settings: Settings) -> Engine:
    engine = create_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS bookmarks (link TEXT)"))
    return engine


engine = make_engine(Settings())


def get_engine() -> Engine:
    return engine


@router.post("/bookmarks")
def add(bookmark: Bookmark, engine: Annotated[Engine, Depends(get_engine)]) -> dict[str, str]:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO bookmarks VALUES (:address)"), {"address": bookmark.link})
    return {"event": json.dumps(bookmark.model_dump())}


# --- application ---
from fastapi import FastAPI
from sqlalchemy import text

app = FastAPI()
app.include_router(router)


@app.get("/rows")
def read_rows() -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT link FROM bookmarks")).scalars())


# --- check ---
def check(bench: Bench) -> None:
    import json

    import requests

    imported = bench.run("-c", "import main")
    assert "Expected string or URL object" not in imported.stderr
    with bench.server() as server:
        answer = requests.post(server.url("/bookmarks"), json={"link": "https://example.com"}, timeout=30)
        rows = requests.get(server.url("/rows"), timeout=30)
    assert (answer.status_code, rows.status_code) == (200, 200)
    assert json.loads(answer.json()["event"]) == {"link": "https://example.com/"}
    assert rows.json() == ["https://example.com/"]
