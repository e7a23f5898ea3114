"""A query given as a plain string is refused before it reaches the database."""

from troubleshoot.testing import Bench, get

STATEMENT = '"SELECT id, name FROM items WHERE name = :name ORDER BY id", {"name": name}'
PASTED = "f\"SELECT id, name FROM items WHERE name = '{name}' ORDER BY id\""
IMPORT = ("import create_engine", "import create_engine, text")
WRONG = {
    "an f-string inside text()": [(STATEMENT, f"text({PASTED})"), IMPORT],
    "the string given to the driver": [
        ("session.execute(" + STATEMENT, f"session.connection().exec_driver_sql({PASTED}")
    ],
}

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)
router = APIRouter()


class ItemOut(BaseModel):
    id: int
    name: str


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


@router.get("/items")
def find_items(name: str, session: Annotated[Session, Depends(get_session)]) -> list[ItemOut]:
    rows = session.execute("SELECT id, name FROM items WHERE name = :name ORDER BY id", {"name": name})
    return [ItemOut(id=row.id, name=row.name) for row in rows]


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    import sqlite3

    with sqlite3.connect(bench.folder / "app.db") as connection:
        connection.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL)")
        connection.execute("INSERT INTO items (name) VALUES ('chair'), ('O''Brien')")
    connection.close()
    with bench.server() as server:
        status, _, body = get(server.url("/items?name=O%27Brien"))
    assert "Textual SQL expression" not in server.log, server.log
    assert (status, body) == (200, '[{"id":2,"name":"O\'Brien"}]')
