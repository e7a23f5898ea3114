"""Values of the request in SQL text."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.statements import injected

SINKS = frozenset(
    ("execute", "executemany", "exec", "scalar", "scalars", "fetch", "fetchrow", "fetchval", "fetch_all", "fetch_one")
)
MAKERS = frozenset(("text", "read_sql", "read_sql_query", "RawSQL", "raw"))

BROKEN = {
    "main.py": """
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/items")
def items(name: str, db: Session = Depends(get_db)):
    return db.execute(text(f"SELECT * FROM items WHERE name = '{name}'")).first()


@app.get("/sorted")
def ordered(column: str, db: Session = Depends(get_db)):
    query = "SELECT * FROM items ORDER BY " + column
    return db.execute(text(query)).first()


@app.get("/found")
def found(name: str, db: Session = Depends(get_db)):
    row = db.execute(text(f"SELECT * FROM items WHERE name = '{name}'")).first()
    if not row:
        raise LookupError(name)
    return row


@app.get("/old")
def old(name: str, cursor=None):
    cursor.execute("SELECT * FROM items WHERE name = '%s'" % name)
    cursor.execute("SELECT * FROM items WHERE name = '{}'".format(name))
"""
}
FIXED = {
    "main.py": """
import logging

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))
TABLE = "items"


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/items")
def items(name: str, number: int, db: Session = Depends(get_db)):
    logging.info(f"select an item called {name}")
    url = f"https://example.com/select?name={name}"
    db.execute(text(f"SELECT * FROM {TABLE} WHERE id = {number}"))
    placeholders = ", ".join(["?"] * 3)
    db.execute(text(f"SELECT * FROM items WHERE id IN ({placeholders})"))
    return url, db.execute(text("SELECT * FROM items WHERE name = :name"), {"name": name}).first()


def total(query: str, db: Session):
    return db.execute(text(f"SELECT COUNT(*) FROM ({query})")).scalar()


@app.get("/count")
def count(table: str, column: str, schema: str, db: Session = Depends(get_db)):
    if not is_valid_name(table):
        raise ValueError(table)
    if column not in ("name", "id"):
        raise ValueError(column)
    known = db.get(Extension, schema)
    if not known:
        raise LookupError(schema)
    db.execute(text(f"DROP SCHEMA {schema}"))
    return db.execute(text(f"SELECT COUNT({column}) FROM {table}")).first()
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield SQL texts into which a parameter of the function is put."""
    told = set()
    for reached in project.reach:
        function = reached.function
        if function in told or reached.role == "lifespan":
            continue
        told.add(function)
        for call in function.body.calls:
            name = last_name(call.func)
            if (name in SINKS or name in MAKERS) and call.args:
                for value, text in injected(call.args[0], function):
                    yield _sighting(call, reached, value, text)
                    break


def _sighting(call: ast.Call, reached: Reached, value: str, text: ast.expr) -> Sighting:
    function = reached.function
    return Sighting(
        module=function.module,
        function=function,
        node=call,
        severity="error",
        message=f"{function.qualname} puts {value} into the text of an SQL statement",
        nodes={"text": text},
    )
