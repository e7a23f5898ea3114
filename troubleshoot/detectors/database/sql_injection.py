"""Values of the request in SQL text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.guards import is_checked

SINKS = frozenset(
    ("execute", "executemany", "exec", "scalar", "scalars", "fetch", "fetchrow", "fetchval", "fetch_all", "fetch_one")
)
MAKERS = frozenset(("text", "read_sql", "read_sql_query", "RawSQL", "raw"))
STATEMENT = re.compile(
    r"\s*(?:\(\s*)?(?:select|insert\s+into|update|delete\s+from|with|call|exec|drop|alter)\b", re.IGNORECASE
)
SAFE = frozenset(("int", "float", "bool", "UUID", "Enum", "Literal"))

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
                value = _injected(call.args[0], function)
                if value:
                    yield _sighting(call, reached, value)


def _sighting(call: ast.Call, reached: Reached, value: str) -> Sighting:
    function = reached.function
    return Sighting(
        module=function.module,
        function=function,
        node=call,
        severity="error",
        message=f"{function.qualname} puts {value} into the text of an SQL statement",
    )


def _injected(node: ast.expr, function: Function) -> str:
    """Return the parameter that becomes part of a statement's text, or the empty string."""
    for text in _texts(node, function):
        parts = _parts(text)
        if parts and STATEMENT.match("".join(part for part in parts if isinstance(part, str))):
            for before, part in zip(["", *parts], parts, strict=False):
                if isinstance(part, str) or (isinstance(before, str) and _is_subquery(before, part)):
                    continue
                if name := _free_parameter(part, function):
                    return name
    return ""


def _is_subquery(before: str, part: ast.expr) -> bool:
    """Return whether a wrapper puts the statement that it was given in brackets."""
    return before.rstrip().endswith("(") and getattr(part, "id", "") in ("query", "sql", "statement", "stmt")


def _texts(node: ast.expr, function: Function) -> list[ast.expr]:
    return list(function.body.assigned.get(node.id, ())) if isinstance(node, ast.Name) else [node]


def _parts(node: ast.expr) -> list[str | ast.expr]:
    """Return a text's literal parts and the expressions between them; nothing for a text without any."""
    if isinstance(node, ast.JoinedStr):
        return [
            item.value if isinstance(item, ast.FormattedValue) else str(getattr(item, "value", ""))
            for item in node.values
        ]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_parts(node.left), *_parts(node.right)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        return [*_parts(node.left), *given]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return [*_parts(node.func.value), *node.args, *(item.value for item in node.keywords)]
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    return [node]


def _free_parameter(node: ast.expr, function: Function) -> str:
    """Return the parameter of free text that `node` is, or is taken from."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    if isinstance(node, ast.Name):
        for param in function.params:
            if param.name == node.id and param.name not in ("self", "cls"):
                annotation = ast.unparse(param.annotation) if param.annotation else ""
                safe = any(name in annotation for name in SAFE) or is_checked(param.name, function)
                return "" if safe else param.name
    return ""
