"""A name from the request is pasted into the SQL: one input fails, another returns everybody's rows."""

import json
import sqlite3
from urllib.parse import quote

from troubleshoot.testing import Bench, get

ROWS = "    rows = session.execute("
WRONG = {
    "quotes doubled by hand": [(ROWS, """    name = name.replace("'", "''")\n""" + ROWS)],
    "a list of forbidden words": [
        (
            ROWS,
            """    for word in ("--", ";", "DROP ", "DELETE ", "INSERT ", "UPDATE ", "UNION "):
        name, sort = name.replace(word, ""), sort.replace(word, "")
"""
            + ROWS,
        )
    ],
    "the value bound, the column pasted": [
        (
            "text(f\"SELECT id, name FROM users WHERE name = '{name}' ",
            'text(f"SELECT id, name FROM users WHERE name = :name ',
        ),
        ('LIMIT 100"))', 'LIMIT 100"), {"name": name})'),
    ],
}

# --- broken ---
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionFactory = sessionmaker(engine)
router = APIRouter()


class UserOut(BaseModel):
    id: int
    name: str


def get_session() -> Iterator[Session]:
    with SessionFactory() as session:
        yield session


@router.get("/users")
def find_users(name: str, session: Annotated[Session, Depends(get_session)], sort: str = "id") -> list[UserOut]:
    rows = session.execute(text(f"SELECT id, name FROM users WHERE name = '{name}' ORDER BY {sort} LIMIT 100"))
    return [UserOut(id=row.id, name=row.name) for row in rows]


# --- application ---
from fastapi import FastAPI

app = FastAPI()
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with sqlite3.connect(bench.folder / "app.db") as connection:
        connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL)")
        connection.execute("INSERT INTO users (name) VALUES ('Ada'), ('O''Brien')")
    connection.close()
    with bench.server() as server:

        def find(name: str, sort: str = "name") -> tuple[int, str]:
            status, _, body = get(server.url(f"/users?name={quote(name)}&sort={quote(sort)}"))
            return status, body

        assert find("' OR '1'='1") == (200, "[]"), "a crafted name returns other people's rows"
        status, body = find("O'Brien")
        assert (status, status == 200 and json.loads(body)) == (200, [{"id": 2, "name": "O'Brien"}])
        assert find("Ada", "(SELECT 1)")[0] == 422
