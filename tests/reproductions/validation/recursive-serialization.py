"""An author has books and a book has its author; the response models repeat the circle."""

from troubleshoot.testing import Bench, get

WRONG = {
    "a higher recursion limit": [
        (
            "from pydantic import BaseModel",
            "import sys\n\nfrom pydantic import BaseModel\n\nsys.setrecursionlimit(5_000)",
        ),
    ],
    "no response model": [(", response_model=AuthorOut", "")],
    "a way back that is optional": [("author: AuthorOut\n", "author: AuthorOut | None = None\n")],
}

# --- broken ---
from pydantic import BaseModel


class AuthorOut(BaseModel):
    name: str
    books: list["BookOut"]


class BookOut(BaseModel):
    title: str
    author: AuthorOut


# --- application ---
from fastapi import FastAPI
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship(back_populates="author")


class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author] = relationship(back_populates="books")


app = FastAPI()


@app.get("/authors/1", response_model=AuthorOut)
async def read_author():
    return Author(name="Ann", books=[Book(title="Lamps"), Book(title="Tables")])


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        status, _, body = get(server.url("/authors/1"))
        assert "cyclic reference" not in server.log
    assert status == 200
    assert body == '{"name":"Ann","books":[{"title":"Lamps"},{"title":"Tables"}]}'
