"""A plain string where SQLAlchemy wants a statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument
from troubleshoot.code.topics.queries import CONNECTIONS, SESSIONS

RUNS = frozenset(("execute", "scalars", "scalar", "exec", "stream"))
REFUSING_BEFORE = tuple(
    path for path in CONNECTIONS if path.startswith("sqlalchemy.ext.asyncio.") and path not in SESSIONS
)
"""What took no plain string in SQLAlchemy 1.4 either."""

BROKEN = {
    "main.py": """
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/items")
def items(db: Session = Depends(get_db)):
    return db.execute("SELECT * FROM items LIMIT 10").all()


@app.get("/named")
def named(name: str, db: Session = Depends(get_db)):
    query = f"SELECT * FROM items WHERE name = '{name}'"
    return db.execute(query).all()


@app.get("/engine")
def raw():
    with engine.connect() as connection:
        return connection.execute("SELECT 1").scalar()
"""
}
FIXED = {
    "main.py": """
import sqlite3

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/items")
def items(db: Session = Depends(get_db)):
    query = text("SELECT * FROM items LIMIT 10")
    db.connection().exec_driver_sql("SELECT 1")
    return db.execute(query).all()


@app.get("/plain")
def plain():
    return sqlite3.connect("items.db").execute("SELECT 1").fetchone()
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield statements that are strings."""
    for function in project.functions:
        if not function.module.mentions(b"execute") and not function.module.mentions(b"scalar"):
            continue
        for call in function.body.calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr in RUNS:
                base = project.path(call.func.value, function)
                statement = argument(call, 0, "statement")
                if statement is not None and base in CONNECTIONS and _is_string(statement, function):
                    yield Sighting(
                        module=function.module,
                        function=function,
                        node=call,
                        # A test that runs it fails; one that passes never comes there.
                        severity="info" if function.module.is_test else "error",
                        message=f"{function.qualname} passes a plain string to {call.func.attr}(), without text()",
                        nodes={"statement": statement},
                        versions={} if base in REFUSING_BEFORE else {"sqlalchemy": ">=2.0"},
                    )


def _is_string(node: ast.expr | None, function: Function) -> bool:
    if isinstance(node, ast.Name):
        values = function.body.assigned.get(node.id, [])
        return bool(values) and all(_is_string(value, function) for value in values)
    if isinstance(node, ast.BinOp):
        return _is_string(node.left, function) or _is_string(node.right, function)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
