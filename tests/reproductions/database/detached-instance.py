"""A helper closes its session and returns the object; the response and a background task cannot read it."""

import json
import sqlite3

from troubleshoot.testing import Bench, eventually, get

WRONG = {
    "expire_on_commit=False": [("sessionmaker(engine)", "sessionmaker(engine, expire_on_commit=False)")],
    "refresh() before it is returned": [
        (
            "        return session.get(Author, row_id)",
            "        row = session.get(Author, row_id)\n        session.refresh(row)\n        return row",
        )
    ],
    "a session that nobody closes": [
        (
            "    with SessionFactory() as session:\n        return session.get(Author, row_id)",
            "    return SessionFactory().get(Author, row_id)",
        )
    ],
    "a second session for the response": [
        ("    return row\n", "    with SessionFactory() as session:\n        return session.merge(row)\n")
    ],
}

# --- broken ---
import logging

from fastapi import APIRouter, BackgroundTasks, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, sessionmaker

logger = logging.getLogger(__name__)
engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship()


class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), index=True)


class BookOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    title: str


class AuthorOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    books: list[BookOut]


def find(row_id: int) -> Author | None:
    with SessionFactory() as session:
        return session.get(Author, row_id)


def write_report(row: Author) -> None:
    logger.info("%s has %d books", row.name, len(row.books))


@router.get("/authors/{row_id}", response_model=AuthorOut)
def read(row_id: int, tasks: BackgroundTasks) -> Author:
    row = find(row_id)
    if row is None:
        raise HTTPException(404)
    tasks.add_task(write_report, row)
    return row


# --- application ---
import gc

from fastapi import FastAPI

gc.disable()  # which gives back forgotten sessions when it comes across them
logging.basicConfig(level=logging.INFO)
app = FastAPI()
app.include_router(router)


@app.get("/checked-out")
async def checked_out() -> int:
    return engine.pool.checkedout()


# --- check ---
def check(bench: Bench) -> None:
    with sqlite3.connect(bench.folder / "app.db") as connection:
        connection.execute("CREATE TABLE authors (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL)")
        connection.execute("CREATE TABLE books (id INTEGER PRIMARY KEY, title VARCHAR, author_id INTEGER)")
        connection.execute("INSERT INTO authors (name) VALUES ('Ada')")
        connection.execute("INSERT INTO books (title, author_id) VALUES ('Notes', 1)")
    connection.close()
    with bench.server() as server:
        status, _, body = get(server.url("/authors/1"))
        assert status == 200, server.wait_for_log("DetachedInstanceError") and server.log
        assert (status, json.loads(body)) == (200, {"name": "Ada", "books": [{"title": "Notes"}]})
        assert server.wait_for_log("Ada has 1 books"), server.log
        assert "DetachedInstanceError" not in server.log
        assert eventually(lambda: get(server.url("/checked-out"))[2] == "0", 3), "a session is still open"
