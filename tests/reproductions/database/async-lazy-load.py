"""An attribute that an async session has not loaded, or has expired by a commit, cannot be read."""

import json
import sqlite3

from troubleshoot.testing import Bench, get

PARAMETERS = {"url": "sqlite+aiosqlite:///app.db"}
WRONG = {
    "expire_on_commit=False alone": [
        ("async_sessionmaker(engine)", "async_sessionmaker(engine, expire_on_commit=False)")
    ],
    "eager loading alone": [("relationship()", 'relationship(lazy="selectin")')],
    "refresh() without the relationship": [
        ("    await session.commit()\n", "    await session.commit()\n    await session.refresh(author)\n"),
        ("    if author is None", "    await session.refresh(author)\n    if author is None"),
    ],
}

# --- broken ---
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

engine = create_async_engine("sqlite+aiosqlite:///app.db")
SessionFactory = async_sessionmaker(engine)
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

    id: int
    name: str


class AuthorWithBooks(AuthorOut):
    books: list[BookOut]


async def get_session() -> AsyncIterator[AsyncSession]:
    async with SessionFactory() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]


@router.post("/authors", status_code=201, response_model=AuthorOut)
async def create(name: str, session: SessionDep) -> Author:
    author = Author(name=name)
    session.add(author)
    await session.commit()
    return author


@router.get("/authors/{author_id}", response_model=AuthorWithBooks)
async def read(author_id: int, session: SessionDep) -> Author:
    author = await session.get(Author, author_id)
    if author is None:
        raise HTTPException(404)
    return author


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with sqlite3.connect(bench.folder / "app.db") as connection:
        connection.execute("CREATE TABLE authors (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL)")
        connection.execute("CREATE TABLE books (id INTEGER PRIMARY KEY, title VARCHAR, author_id INTEGER)")
        connection.execute("INSERT INTO authors (name) VALUES ('Ada')")
        connection.execute("INSERT INTO books (title, author_id) VALUES ('Notes', 1)")
    connection.close()
    with bench.server() as server:
        read = get(server.url("/authors/1"))
        created = get(server.url("/authors?name=Grace"), method="POST")
    assert "MissingGreenlet" not in server.log, server.log
    assert (read[0], json.loads(read[2])) == (200, {"id": 1, "name": "Ada", "books": [{"title": "Notes"}]})
    assert (created[0], json.loads(created[2])) == (201, {"id": 2, "name": "Grace"})
