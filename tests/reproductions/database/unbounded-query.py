"""The list endpoint returns the whole table, so it gets slower and larger with every row."""

import json
import sqlite3
import time

from troubleshoot.testing import Bench, get

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

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    connection = sqlite3.connect(bench.folder / "app.db")

    def grow(rows: int) -> None:
        with connection:
            connection.executemany("INSERT INTO items (name) VALUES (?)", [("chair",)] * rows)

    def fastest() -> float:
        times = []
        for _ in range(3):
            start = time.monotonic()
            assert get(server.url("/items"))[0] == 200
            times.append(time.monotonic() - start)
        return min(times)

    connection.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL)")
    grow(200)
    with bench.server() as server:
        before = fastest()
        grow(40_000)
        after = fastest()
        body = get(server.url("/items"))[2]
        assert len(json.loads(body)) <= 100, f"{len(body)} bytes in one answer"
        assert after < 8 * before, f"{before:.3f} s with 200 rows, {after:.3f} s with 40,200"
        assert [row["id"] for row in json.loads(get(server.url("/items?limit=2&offset=40000"))[2])] == [40_001, 40_002]
        assert get(server.url("/items?limit=1000000"))[0] == 422
    connection.close()
