"""A dependency that cleans up on plain lines after its `yield`, which an exception skips."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, short, tries

BROKEN = {
    "main.py": """
import asyncio
from threading import Lock
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))
pool = asyncio.Queue()
lock = Lock()


def get_db():
    db = SessionLocal()
    yield db
    db.close()


async def get_connection():
    connection = await pool.get()
    yield connection
    pool.put_nowait(connection)


def get_transaction():
    db = SessionLocal()
    try:
        yield db
        db.commit()
    except Exception:
        db.rollback()
        raise
    db.close()


class Locked:
    def __call__(self):
        lock.acquire()
        yield lock
        lock.release()


@app.get("/items")
async def read_items(
    db: Annotated[Session, Depends(get_db)], connection=Depends(get_connection), other=Depends(get_transaction)
):
    return []


@app.get("/locked", dependencies=[Depends(Locked())])
def read_locked():
    return []
"""
}
FIXED = {
    "main.py": """
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("sqlite://"))


@asynccontextmanager
async def lifespan(app):
    client = SessionLocal()
    yield {"client": client}
    client.close()


app = FastAPI(lifespan=lifespan)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def get_entered():
    with SessionLocal() as db:
        yield db
        db.commit()
        db.close()


def get_both():
    db = SessionLocal()
    try:
        yield db
        db.commit()
        db.close()
    except Exception:
        db.rollback()
        db.close()
        raise


@contextmanager
def for_scripts():
    db = SessionLocal()
    yield db
    db.close()


def counted():
    yield 1
    print("done")


def get_early(name: str = ""):
    if not name:
        yield None
        return
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.get("/items")
def read_items(
    db: Annotated[Session, Depends(get_db)],
    one: Annotated[Session, Depends(get_entered)],
    two: Annotated[Session, Depends(get_both)],
    three: Annotated[int, Depends(counted)],
    four: Annotated[Session | None, Depends(get_early)],
):
    return []
"""
}
CLEANS = re.compile(
    r"a?close(_all)?|release|unlock|disconnect|put(_nowait|conn)?|unlink|rmtree|rmdir|remove|terminate|stop|shutdown|quit"
    r"|logout|clean_?up|tear_?down|cancel|dispose|free|kill|reset|__a?exit__"
)


def detect(project: Project) -> Iterator[Sighting]:
    """Yield each `yield` of a dependency behind which there is a clean-up that an exception skips."""
    for function in project.called_as("dependency"):
        for item in function.body.yields:
            cleaning = next(_cleaning(item, function), None) if not _is_guarded(item) else None
            if cleaning is not None and not _is_entered(cleaning, item):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=item,
                    severity="warning",
                    message=f"after an exception {function.qualname} never comes to {short(cleaning)}",
                    nodes={"cleaning": cleaning},
                )
                break


def _is_guarded(item: ast.Yield | ast.YieldFrom) -> bool:
    """Return whether a `finally`, or an `except` that cleans up, runs when an exception comes out of the `yield`."""
    for attempt in tries(item):
        handled = [statement for handler in attempt.handlers for statement in handler.body]
        if attempt.finalbody or any(_calls(statement) for statement in handled):
            return True
    return False


def _cleaning(item: ast.Yield | ast.YieldFrom, function: Function) -> Iterator[ast.Call]:
    """Yield the clean-ups that stand behind a `yield`, in its own block and in those around it."""
    inside: ast.AST = item
    for around in (*ancestors(item), function.node):
        for block in (getattr(around, "body", None), getattr(around, "orelse", None)):
            if isinstance(block, list) and inside in block:
                for statement in block[block.index(inside) + 1 :]:
                    yield from _calls(statement)
                    if isinstance(statement, (ast.Return, ast.Raise)):
                        return
        inside = around


def _calls(statement: ast.AST) -> list[ast.Call]:
    return [
        item
        for item in ast.walk(statement)
        if isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and CLEANS.fullmatch(item.func.attr)
    ]


def _is_entered(cleaning: ast.Call, item: ast.Yield | ast.YieldFrom) -> bool:
    """Return whether a `with` around the `yield` closes the same thing."""
    assert isinstance(cleaning.func, ast.Attribute)
    name = ast.unparse(cleaning.func.value)
    return any(
        entered.optional_vars is not None and ast.unparse(entered.optional_vars) == name
        for around in ancestors(item)
        if isinstance(around, (ast.With, ast.AsyncWith))
        for entered in around.items
    )
