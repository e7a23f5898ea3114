"""Author names Book, and nothing has imported the module of Book when the first query is built."""

from troubleshoot.testing import Bench, get

PARAMETERS = {"package": "models"}
BASE = """
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase

engine = create_engine("sqlite:///app.db")


class Base(DeclarativeBase):
    pass
"""
AUTHOR = """
from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base

if TYPE_CHECKING:
    from models.book import Book


class Author(Base):
    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list[Book]] = relationship(back_populates="author")
"""
BOOK = """
from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base

if TYPE_CHECKING:
    from models.author import Author


class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author] = relationship(back_populates="books")
"""
FILES = {
    "models/__init__.py": "",
    "models/base.py": BASE,
    "models/author.py": AUTHOR,
    "models/book.py": BOOK,
}
WRONG = {
    "importing the package, which imports none of its modules": [
        ("from fastapi import FastAPI\n", "import models\nfrom fastapi import FastAPI\n")
    ],
    "the whole path of the class": [
        ('relationship(back_populates="author")', 'relationship("models.book.Book", back_populates="author")')
    ],
    "the name in quotes": [("Mapped[list[Book]]", 'Mapped[list["Book"]]')],
}

# --- broken ---
from fastapi import FastAPI

app = FastAPI()


# --- application ---
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.author import Author
from models.base import engine


@app.get("/authors")
def list_authors() -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(Author.name).where(~Author.books.any()).limit(100)))


# --- check ---
def check(bench: Bench) -> None:
    create = "from models.base import *; import models.author, models.book; Base.metadata.create_all(engine)"
    assert bench.run("-c", create).returncode == 0
    with bench.server() as server:
        status, _, body = get(server.url("/authors"))
    if not bench.fixed:
        assert "expression 'Book' failed to locate a name ('Book')" in server.log, server.log
    assert (status, body) == (200, "[]"), server.log
