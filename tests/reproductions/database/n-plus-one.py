"""Building the response reads a lazy relationship of each object, so every row costs one more query."""

import json

from troubleshoot.testing import Bench, get

QUERY = "    return session.scalars(select(Author).order_by(Author.id).limit(100)).all()\n"
WRONG = {
    "touching the relationship before the response": [
        (QUERY, QUERY.replace("return", "authors =") + "    [author.books for author in authors]\n    return authors\n")
    ],
    "a larger pool": [('create_engine("sqlite:///app.db")', 'create_engine("sqlite:///app.db", pool_size=20)')],
    "a limit that the rows do not reach": [(".limit(100)", ".limit(50)")],
    "leaving the field out when it is written": [
        ("    books: list[BookOut]\n", "    books: list[BookOut] = Field(exclude=True)\n"),
        ("from pydantic import BaseModel, ConfigDict", "from pydantic import BaseModel, ConfigDict, Field"),
    ],
}

# --- broken ---
from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
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


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


@router.get("/authors", response_model=list[AuthorOut])
def list_authors(session: Annotated[Session, Depends(get_session)]) -> Sequence[Author]:
    return session.scalars(select(Author).order_by(Author.id).limit(100)).all()


# --- application ---
from fastapi import FastAPI
from sqlalchemy import event

queries: list[str] = []


@event.listens_for(engine, "before_cursor_execute")
def count(connection, cursor, statement, parameters, context, executemany) -> None:
    queries.append(statement)


app = FastAPI()
app.include_router(router)
Base.metadata.create_all(engine)
with SessionFactory.begin() as setup:
    setup.add_all(Author(name=f"author {n}", books=[Book(title="a"), Book(title="b")]) for n in range(40))


@app.post("/reset")
def reset() -> None:
    queries.clear()


@app.get("/queries")
def count_queries() -> int:
    return len(queries)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        get(server.url("/reset"), method="POST")
        status, _, body = get(server.url("/authors"))
        sent = int(get(server.url("/queries"))[2])
    assert status == 200
    assert sent <= 3, f"{sent} queries for one request"
    authors = json.loads(body)
    assert len(authors) == 40
    assert all(author["books"] == [{"title": "a"}, {"title": "b"}] for author in authors)
