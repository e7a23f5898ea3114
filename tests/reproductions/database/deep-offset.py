"""With OFFSET the last page is far slower than the first, and a row is skipped when one before it is deleted."""

import json
import sqlite3

from troubleshoot.testing import Bench, get

WHOLE = "select(Item).order_by(Item.id).offset(offset).limit(PAGE_SIZE + 1)"
WRONG = {
    "an index on the sorted column": [
        ("mapped_column(primary_key=True)", "mapped_column(primary_key=True, index=True)")
    ],
    "the ids first, then their rows": [
        (
            WHOLE,
            f"select(Item).where(Item.id.in_({WHOLE.replace('select(Item)', 'select(Item.id)')})).order_by(Item.id)",
        )
    ],
    "a larger pool": [('create_engine("sqlite:///app.db")', 'create_engine("sqlite:///app.db", pool_size=20)')],
}

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
from sqlalchemy import event

app = FastAPI()
app.include_router(router)
steps = 0


@event.listens_for(engine, "connect")
def count_steps(connection, record) -> None:
    """Count what the database does, in tens of its instructions."""

    def count() -> int:
        global steps
        steps += 1
        return 0

    connection.set_progress_handler(count, 10)


@app.get("/steps")
def read_steps() -> int:
    return steps


# --- check ---
def check(bench: Bench) -> None:
    rows = 50_000
    connection = sqlite3.connect(bench.folder / "app.db")
    connection.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL)")
    with connection:
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            "INSERT INTO items (name) SELECT 'chair' FROM n",
            (rows,),
        )
    with bench.server() as server:

        def read(query: str) -> tuple[dict, int]:
            """Return the page, and how much the database has done for it."""
            before = int(get(server.url("/steps"))[2])
            page = json.loads(get(server.url(f"/items{query}"))[2])
            assert len(page["items"]) == 100
            return page, int(get(server.url("/steps"))[2]) - before

        first, cheap = read("")
        name = first["next"].partition("=")[0]
        last, costs = read(f"{name}={rows - 100}")
        assert last["items"][-1]["id"] == rows
        assert last["next"] is None
        assert costs < 4 * cheap, f"{cheap} steps for the first page, {costs} for the last"
        with connection:
            connection.execute("DELETE FROM items WHERE id = 7")
        following, _ = read(first["next"])
    connection.close()
    assert following["items"][0]["id"] == 101, "a row has been skipped"
