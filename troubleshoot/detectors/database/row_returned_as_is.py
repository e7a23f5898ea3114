"""An endpoint that returns a result or rows of SQLAlchemy, not what is in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import keyword
from troubleshoot.code.topics.rows import steps_from_session

ROWS = frozenset(("all", "first", "one", "one_or_none", "fetchall", "fetchone"))
WHAT = {"execute": "the result of execute()", "scalars": "the result of scalars()", "query": "a query"}

BROKEN = {
    "main.py": """
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from models import Item

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


def get_db():
    with SessionLocal() as db:
        yield db


async def get_async_db():
    async with AsyncSessionLocal() as db:
        yield db


@app.get("/items")
def items(db: Session = Depends(get_db)):
    return db.scalars(select(Item).limit(10))


@app.get("/rows")
def rows(db: Session = Depends(get_db)):
    found = db.execute(select(Item.id, Item.name).limit(10)).all()
    return found


@app.get("/query")
def query(db: Session = Depends(get_db)):
    return db.query(Item).limit(10)


@app.get("/async")
async def items_async(db: AsyncSession = Depends(get_async_db)):
    result = await db.execute(select(Item).limit(10))
    return result
""",
    "models.py": "class Item:\n    __tablename__ = 'items'\n",
}
FIXED = {
    "main.py": """
from fastapi import Depends, FastAPI, Response
from pydantic import BaseModel
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from models import Item

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


class Out(BaseModel):
    id: int


def get_db():
    with SessionLocal() as db:
        yield db


async def get_async_db():
    async with AsyncSessionLocal() as db:
        yield db


@app.get("/items")
def items(db: Session = Depends(get_db)):
    return db.scalars(select(Item).limit(10)).all()


@app.get("/mappings")
def mappings(db: Session = Depends(get_db)):
    return db.execute(select(Item.id).limit(10)).mappings().all()


@app.get("/rows", response_model=list[Out])
def rows(db: Session = Depends(get_db)):
    return db.execute(select(Item.id).limit(10)).all()


@app.get("/annotated")
def annotated(db: Session = Depends(get_db)) -> list[Out]:
    return db.query(Item).limit(10)


@app.get("/query")
def query(db: Session = Depends(get_db)):
    return db.query(Item).limit(10).all()


@app.get("/async")
async def items_async(db: AsyncSession = Depends(get_async_db)):
    result = await db.execute(select(Item).limit(10))
    return result.scalars().all()


@app.get("/later")
def later(db: Session = Depends(get_db)):
    result = db.execute(select(Item).limit(10)).all()
    result = [item for (item,) in result]
    return result


@app.get("/one")
def one(db: Session = Depends(get_db)):
    return db.get(Item, 1)
""",
    "models.py": "class Item:\n    __tablename__ = 'items'\n",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what endpoints without a response model return as SQLAlchemy gave it."""
    for route in project.routes:
        function = route.function
        if route.is_websocket or function.node.returns is not None or keyword(route.call, "response_model") is not None:
            continue
        for statement in function.body.returns:
            value = _returned(statement, function)
            what = _what(steps_from_session(project, value, function))
            if value is not None and what:
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=statement,
                    severity="error",
                    message=f"{function.qualname} returns {what} of SQLAlchemy, not the objects in it",
                    captured=project.path_of(function),
                    nodes={"value": value},
                )


def _returned(statement: ast.Return, function: Function) -> ast.expr | None:
    """Return what is returned, also through a variable that is assigned once."""
    node = statement.value
    if isinstance(node, ast.Name):
        values = function.body.assigned.get(node.id, [])
        node = values[0] if len(values) == 1 else None
    return node


def _what(steps: list[str]) -> str:
    """Return what of SQLAlchemy these methods give, in words; nothing if it is something else."""
    if not steps:
        return ""
    first, *later = steps
    if first == "execute" and later[-1:] and later[-1] in ROWS and not {"scalars", "mappings"} & set(later):
        return f"rows from execute().{later[-1]}()"
    is_open = first in ("execute", "scalars") and not later
    is_open = is_open or (first == "query" and not set(later) & {*ROWS, "count", "scalar", "get", "update", "delete"})
    return WHAT[first] if is_open else ""
