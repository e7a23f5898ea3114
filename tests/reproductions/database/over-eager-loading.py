"""Two collections are always joined, so a list of names loads the product of both."""

import json
import sqlite3

from troubleshoot.testing import Bench, get

BOOKS = 'books: Mapped[list["Book"]] = relationship(lazy="joined")'
REVIEWS = 'reviews: Mapped[list["Review"]] = relationship(lazy="joined")'
WRONG = {
    "selectin instead of joined": [(line, line.replace("joined", "selectin")) for line in (BOOKS, REVIEWS)],
    "one of the two left eager": [(REVIEWS, REVIEWS.replace('lazy="joined"', ""))],
    "a smaller limit": [(".limit(100)", ".limit(20)")],
}

# --- broken ---
from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship(lazy="joined")
    reviews: Mapped[list["Review"]] = relationship(lazy="joined")


class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), index=True)


class Review(Base):
    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), index=True)


class AuthorName(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class BookOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    title: str


class AuthorOut(AuthorName):
    books: list[BookOut]


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


@router.get("/authors", response_model=list[AuthorName])
def list_names(session: SessionDep) -> Sequence[Author]:
    return session.scalars(select(Author).order_by(Author.id).limit(100)).unique().all()


@router.get("/authors/{row_id}", response_model=AuthorOut)
def read(row_id: int, session: SessionDep) -> Author:
    row = session.get(Author, row_id)
    if row is None:
        raise HTTPException(404)
    return row


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


Base.metadata.create_all(engine)


# --- check ---
def check(bench: Bench) -> None:
    authors = [(n, f"author {n}") for n in range(1, 21)]
    related = [(n,) for n, _ in authors for _ in range(40)]

    with bench.server() as server:

        def costs() -> int:
            """How much the database does for the list of the names."""
            before = int(get(server.url("/steps"))[2])
            assert json.loads(get(server.url("/authors"))[2]) == [{"id": n, "name": name} for n, name in authors]
            return int(get(server.url("/steps"))[2]) - before

        connection = sqlite3.connect(bench.folder / "app.db")
        with connection:
            connection.executemany("INSERT INTO authors (id, name) VALUES (?, ?)", authors)
        alone = costs()
        with connection:
            connection.executemany("INSERT INTO books (title, author_id) VALUES ('a', ?)", related)
            connection.executemany("INSERT INTO reviews (author_id) VALUES (?)", related)
        connection.close()
        together = costs()
        assert together < 2 * alone + 10, f"{alone} steps without books and reviews, {together} with them"
        status, _, body = get(server.url("/authors/1"))
    assert status == 200
    assert len(json.loads(body)["books"]) == 40
