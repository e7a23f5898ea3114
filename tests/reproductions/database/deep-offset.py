"""With OFFSET the last page is far slower than the first, and a row is skipped when one before it is deleted."""

import json
import sqlite3
import time

from troubleshoot.testing import Bench, get

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

PAGE_SIZE = 100
engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class ItemOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class Page(BaseModel):
    items: list[ItemOut]
    next: str | None


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


@router.get("/items")
def list_items(session: Annotated[Session, Depends(get_session)], offset: int = 0) -> Page:
    rows = session.scalars(select(Item).order_by(Item.id).offset(offset).limit(PAGE_SIZE + 1)).all()
    items = [ItemOut.model_validate(row) for row in rows[:PAGE_SIZE]]
    following = f"?offset={offset + PAGE_SIZE}" if len(rows) > PAGE_SIZE else None
    return Page(items=items, next=following)


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    rows = 1_500_000
    connection = sqlite3.connect(bench.folder / "app.db")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL)")
    with connection:
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            "INSERT INTO items (name) SELECT 'chair' FROM n",
            (rows,),
        )

    def fastest(query: str) -> float:
        times = []
        for _ in range(7):
            start = time.monotonic()
            status, _, body = get(server.url(f"/items{query}"))
            times.append(time.monotonic() - start)
            assert status == 200
            assert len(json.loads(body)["items"]) == 100
        return min(times)

    with bench.server() as server:
        first = fastest("")
        last = fastest(f"?{'after' if bench.fixed else 'offset'}={rows - 100}")
        assert last < 4 * first, f"first page {first * 1000:.1f} ms, last page {last * 1000:.1f} ms"
        page = json.loads(get(server.url("/items"))[2])
        with connection:
            connection.execute("DELETE FROM items WHERE id = 7")
        following = json.loads(get(server.url(f"/items{page['next']}"))[2])
    connection.close()
    assert following["items"][0]["id"] == 101, "a row has been skipped"
