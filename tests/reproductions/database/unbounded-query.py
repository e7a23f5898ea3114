"""The list endpoint loads and returns the whole table, so it gets slower and larger with every row."""

import json
import sqlite3

from troubleshoot.testing import Bench, get

SIGNATURE = "def list_items("
QUERY = "    return session.scalars(select(Item)).all()\n"
LIMITED = ("import APIRouter, Depends\n", "import APIRouter, Depends, Query\n")
WRONG = {
    "a slice of the finished list": [
        (SIGNATURE, SIGNATURE + "limit: Annotated[int, Query(le=100)] = 50, offset: int = 0, *, "),
        (QUERY, QUERY.replace(".all()", ".all()[offset : offset + limit]")),
        LIMITED,
    ],
    "a limit without a maximum": [
        (SIGNATURE, SIGNATURE + "limit: int = 50, offset: int = 0, *, "),
        (QUERY, QUERY.replace("select(Item)", "select(Item).order_by(Item.id).limit(limit).offset(offset)")),
    ],
    "an order without a limit": [(QUERY, QUERY.replace("select(Item)", "select(Item).order_by(Item.id)"))],
}

# --- broken ---
from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

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


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


@router.get("/items", response_model=list[ItemOut])
def list_items(session: Annotated[Session, Depends(get_session)]) -> Sequence[Item]:
    return session.scalars(select(Item)).all()


# --- application ---
from fastapi import FastAPI
from sqlalchemy import event

app = FastAPI()
app.include_router(router)
loaded = 0


@event.listens_for(Item, "load")
def count_loaded(item, context):
    global loaded
    loaded += 1


@app.get("/loaded")
async def read_loaded() -> int:
    return loaded


# --- check ---
def check(bench: Bench) -> None:
    with sqlite3.connect(bench.folder / "app.db") as connection:
        connection.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL)")
        connection.executemany("INSERT INTO items (name) VALUES (?)", [("chair",)] * 2_000)
    connection.close()
    with bench.server() as server:

        def list_items(query: str = "") -> list[int]:
            return [row["id"] for row in json.loads(get(server.url(f"/items{query}"), seconds=30)[2])]

        page = list_items()
        loaded = int(get(server.url("/loaded"))[2])
        assert page == list(range(1, len(page) + 1))
        assert 0 < len(page) <= 100, f"{len(page)} rows in one response"
        assert loaded == len(page), f"{loaded} rows loaded for {len(page)}"
        assert list_items("?limit=2&offset=1998") == [1999, 2000]
        assert get(server.url("/items?limit=1000000"))[0] == 422
