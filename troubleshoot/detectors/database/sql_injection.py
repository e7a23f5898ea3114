"""Values of the request in SQL text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Param
from troubleshoot.code.syntax.nodes import argument, last_name
from troubleshoot.code.topics.fixed import is_fixed, is_sent
from troubleshoot.code.topics.statements import free_parameter, injected, parts_of, texts
from troubleshoot.model import Severity

SINKS = frozenset(
    ("execute", "executemany", "exec", "scalar", "scalars", "fetch", "fetchrow", "fetchval", "fetch_all", "fetch_one")
)
MAKERS = frozenset(("text", "read_sql", "read_sql_query", "RawSQL", "raw"))
OF_SCHEMA = re.compile(
    r"(?:^|_)(?:table|view|schema|database|db|column|col|field|expr|expression|stage|sequence|index|constraint|query|sql)"
    r"(?:_?name|_sql|_expr|_col|_column)?s?$"
)
"""What a parameter is called that has a name out of the database, or a part of a statement, and no value."""
FRAGMENTS = ("sqlalchemy.text", "sqlalchemy.literal_column")

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


@app.get("/by")
def by(sort: str = "id", descending: bool = False, db: Session = Depends(get_db)):
    return db.query(Item).order_by(text(sort)).first(), newest(db, sort)


def newest(db: Session, column: str):
    return db.query(Item).order_by(text(f"{column} DESC")).first()
"""
}
FIXED = {
    "main.py": """
import logging
from enum import Enum
from typing import Literal

from fastapi import Depends, FastAPI, Query
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


class Column(str, Enum):
    name = "name"


@app.get("/by")
def by(
    column: Column,
    number: int,
    checked: str = Query("id", pattern="^(id|name)$"),
    known: Literal["id", "name"] = "id",
    db: Session = Depends(get_db),
):
    ordered = db.query(Item).order_by(text(column), text(checked), text(known), text(f"id > {number}"))
    return ordered.first(), run(db, "SELECT 1"), newest(db, "id")


def run(db: Session, query: str):
    return db.execute(text(query)).all()


def newest(db: Session, column: str):
    return db.query(Item).order_by(text(f"{column} DESC")).first()
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield SQL texts into which a parameter of the function is put."""
    ways: dict[Function, list[Reached]] = {}
    for reached in project.reach:
        if reached.role != "lifespan":
            ways.setdefault(reached.function, []).append(reached)
    for function, found in ways.items():
        for call in function.body.calls:
            name = last_name(call.func)
            if (name in SINKS or name in MAKERS) and call.args:
                for value, text in injected(call.args[0], function):
                    if not is_fixed(project, value, function):
                        yield _sighting(call, function, value, {"text": text}, _severity(project, value, found))
                        break
                else:
                    is_fragment = project.path(call.func, function) in FRAGMENTS
                    if is_fragment and (value := _fragment(call, found[0])):
                        yield _sighting(call, function, value, {}, "error")


def _severity(project: Project, value: str, found: list[Reached]) -> Severity:
    """Return how sure it is that a client chooses a text; what the program itself calls its tables is worth a look."""
    if any(_source(value, item) for item in found):
        return "error"
    return "info" if OF_SCHEMA.search(value) and not is_sent(project, value, found[0].function) else "warning"


def _fragment(call: ast.Call, reached: Reached) -> str:
    """Return the parameter that is, or is put into, a part of a statement such as its order, if clients choose it."""
    for text in texts(call.args[0], reached.function) or call.args[:1]:
        for part in parts_of(text):
            name = free_parameter(part, reached.function) if isinstance(part, ast.expr) else ""
            if name and _is_chosen(name, reached):
                return name
    return ""


def _is_chosen(name: str, reached: Reached) -> bool:
    """Return whether a parameter is text that comes from the client as it is, also through those who call."""
    param = _source(name, reached)
    if param is None:
        return False
    declared = " ".join(ast.unparse(node) for node in (param.annotation, param.default) if node is not None)
    is_text = param.annotation is not None and re.search(r"\bstr\b", ast.unparse(param.annotation)) is not None
    return is_text and not any(word in declared for word in ("pattern=", "regex=", "Depends"))


def _source(name: str, reached: Reached) -> Param | None:
    """Return the parameter of a path operation or a dependency that a parameter's value is, or is taken from."""
    params = [item for item in reached.function.params if item.name not in ("self", "cls")]
    index = [item.name for item in params].index(name)
    if reached.caller is None or reached.call is None:
        return params[index] if reached.role in ("path operation", "dependency") else None
    given = argument(reached.call, index, name)
    free = free_parameter(given, reached.caller.function) if given is not None else ""
    return _source(free, reached.caller) if free else None


def _sighting(
    call: ast.Call, function: Function, value: str, nodes: dict[str, ast.AST], severity: Severity
) -> Sighting:
    return Sighting(
        module=function.module,
        function=function,
        node=call,
        severity=severity,
        message=f"{function.qualname} puts {value} into the text of an SQL statement",
        nodes=nodes,
    )
