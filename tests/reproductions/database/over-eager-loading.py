"""Two collections are always joined, so a list of names loads the product of both and gets slow."""

import json
import sqlite3
import time

from troubleshoot.testing import Bench, get

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

app = FastAPI()
app.include_router(router)
Base.metadata.create_all(engine)


# --- check ---
def check(bench: Bench) -> None:
    authors = [(n, f"author {n}") for n in range(1, 21)]
    related = [n for n, _ in authors for _ in range(40)]

    def fastest() -> float:
        times = []
        for _ in range(3):
            start = time.monotonic()
            status, _, body = get(server.url("/authors"))
            times.append(time.monotonic() - start)
            assert status == 200
            assert json.loads(body) == [{"id": n, "name": name} for n, name in authors]
        return min(times)

    with bench.server() as server:
        connection = sqlite3.connect(bench.folder / "app.db")
        with connection:
            connection.executemany("INSERT INTO authors (id, name) VALUES (?, ?)", authors)
        before = fastest()
        with connection:
            connection.executemany("INSERT INTO books (title, author_id) VALUES ('a', ?)", [(n,) for n in related])
            connection.executemany("INSERT INTO reviews (author_id) VALUES (?)", [(n,) for n in related])
        connection.close()
        after = fastest()
        assert after < 6 * before, f"{before * 1000:.0f} ms without books and reviews, {after * 1000:.0f} ms with them"
        status, _, body = get(server.url("/authors/1"))
    assert status == 200
    assert len(json.loads(body)["books"]) == 40
