"""A list endpoint whose query has no limit, or whose limit the client may choose freely."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Param
from troubleshoot.code.syntax.nodes import ancestors, argument, last_name
from troubleshoot.code.topics.administrators import serves_administrators
from troubleshoot.code.topics.conditions import asks_for_keys, given, narrowing, says_which
from troubleshoot.code.topics.documents import DocumentQuery, boundless
from troubleshoot.code.topics.filled import is_filled_by_use
from troubleshoot.code.topics.handed_statements import handed_on
from troubleshoot.code.topics.limits import LIMITS, is_capped, is_for_few, is_meant_whole, is_number
from troubleshoot.code.topics.queries import RUNS, TERMINALS, Query, is_returned, queries
from troubleshoot.code.topics.relationships import primary_key
from troubleshoot.code.topics.tables import are_few, is_lookup, is_stream

OWN = re.compile(r"\b(?:current_)?(?:user|client|customer|account|member|owner|profile|me)(?:_id|\.\w+)?\b")
"""In a condition: the rows of one person."""

BROKEN = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from crud import all_orders
from models import Item

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/items")
def list_items(db: Annotated[Session, Depends(get_db)]):
    return db.scalars(select(Item)).all()


@app.get("/old")
def list_old(db=Depends(get_db)):
    query = db.query(Item)
    query = query.order_by(Item.id)
    return {"items": query.all()}


@app.get("/orders")
def list_orders(db=Depends(get_db)):
    return all_orders(db)


@app.get("/pages")
def list_pages(db: Annotated[Session, Depends(get_db)], skip: int = 0, limit: int = 100):
    return db.scalars(select(Item).offset(skip).limit(limit)).all()
""",
    "documents.py": """
from beanie import Document
from fastapi import APIRouter
from motor.motor_asyncio import AsyncIOMotorClient

router = APIRouter()
users = AsyncIOMotorClient()["shop"].users


class Page(Document):
    name: str


@router.get("/users")
async def list_users():
    found = await users.find().sort("name").to_list(None)
    return [user["name"] for user in found]


@router.get("/documents")
async def list_documents():
    return await Page.find_all().to_list()
""",
    "crud.py": """
from sqlalchemy import select

from models import Order


def all_orders(db):
    orders = db.execute(select(Order)).scalars().all()
    return [order.id for order in orders]
""",
    "models.py": """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
}
FIXED = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from sqlalchemy import create_engine, func, insert, select
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))


class Item:
    pass


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/items")
def list_items(db: Annotated[Session, Depends(get_db)], limit: Annotated[int, Query(ge=1, le=100)] = 20):
    return db.scalars(select(Item).order_by(Item.id).limit(limit)).all()


@app.get("/capped")
def list_capped(db: Annotated[Session, Depends(get_db)], page_size: int = 20):
    return db.query(Item).limit(min(page_size, 100)).all()


@app.get("/count")
def count(db: Annotated[Session, Depends(get_db)]):
    return db.execute(select(func.count(Item.id))).scalar_one()


@app.get("/kinds")
def kinds(db: Annotated[Session, Depends(get_db)]):
    return db.execute(select(Item.kind).distinct()).all()


@app.get("/sums")
def sums(db: Annotated[Session, Depends(get_db)]):
    return db.execute(select(Item.kind, Item.size).group_by(Item.kind)).all()


@app.post("/items")
def insert_items(items: list[dict], db: Annotated[Session, Depends(get_db)]):
    return db.execute(insert(Item).returning(Item.id), items).scalars().all()


@app.get("/first")
def first(db: Annotated[Session, Depends(get_db)]):
    return db.scalars(select(Item)).first()


def export(db: Session):
    return db.scalars(select(Item)).all()
""",
    "documents.py": """
from beanie import Document
from fastapi import APIRouter
from motor.motor_asyncio import AsyncIOMotorClient

router = APIRouter()
users = AsyncIOMotorClient()["shop"].users


class Page(Document):
    name: str


@router.get("/users")
async def list_users(limit: int = 10):
    every = await users.find().to_list(100)
    some = await users.find({}).limit(20).to_list(None)
    return every, some, await users.find().to_list(length=min(limit, 50))


@router.get("/documents")
async def list_documents():
    await Page.find_all().to_list()
    return await Page.find_all().limit(10).to_list()
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield queries that return every row, and limits without a bound."""
    for reached in project.reached_as("path operation", "dependency"):
        asked_here = queries(project.inference, reached.function, reached.scope)
        for query in (*asked_here, *handed_on(project.inference, reached.function, reached.scope)):
            takes_all = query.fetches_many and not query.is_bounded and not asks_for_keys(query, reached.function)
            takes_all = takes_all and not says_which(query, reached.function)
            if takes_all and (_is_counted(query) or is_returned(query.call, reached.function)):
                told = _unlimited(project, query, reached)
                yield told.as_note() if serves_administrators(project, reached) else told
        for asked in boundless(project.inference, reached.function, reached.scope):
            if is_returned(asked.call, reached.function):
                told = _every_document(asked, reached)
                yield told.as_note() if serves_administrators(project, reached) else told
    for function in project.called_as("path operation", "dependency"):
        for param in function.params:
            if param.name in LIMITS and is_number(param) and not is_capped(project, param, function):
                yield _uncapped(project, param, function)


def _is_counted(query: Query) -> bool:
    """Return whether rows are loaded to count them."""
    around = list(ancestors(query.call))[:6]
    return any(isinstance(item, ast.Call) and getattr(item.func, "id", "") == "len" for item in around)


def _unlimited(project: Project, query: Query, reached: Reached) -> Sighting:
    function = reached.function
    what = f"every {query.entity.name}" if query.entity else "every row"
    part = narrowing(query)
    if part:
        told = is_stream(query.name) and not any(OWN.search(ast.unparse(item).casefold()) for item in given(part))
    else:
        told = not is_meant_whole(project, query, function)
    grows = told and not part and not are_few(query.name) and is_filled_by_use(project, query.entity)
    return Sighting(
        module=function.module,
        function=function,
        node=query.call,
        severity="warning" if grows else "info",
        minor=not told and not _is_counted(query),
        message=f"{function.qualname} loads {what}{' that fits' if part else ''}; the query has no limit",
        captured={
            "order": "order_by" if "order_by" in query.built else "",
            "keys": " ".join(primary_key(project.inference, query.entity)) if query.entity else "",
        },
        nodes=_statement(query),
    )


def _every_document(asked: DocumentQuery, reached: Reached) -> Sighting:
    function = reached.function
    fits = " that fits" if asked.condition else ""
    is_few = is_lookup(asked.name) or bool(OWN.search(asked.condition.casefold()))
    return Sighting(
        module=function.module,
        function=function,
        node=asked.call,
        severity="info" if fits or is_few else "warning",
        minor=is_few and not is_stream(asked.name),
        message=f"{function.qualname} loads every document{fits}; the query has no limit",
    )


def _statement(query: Query) -> dict[str, ast.AST]:
    """Return the statement that is run, and what it calls the class that it selects."""
    legacy = query.selects and last_name(query.selects[0].func) == "query"
    receiver = query.call.func.value if isinstance(query.call.func, ast.Attribute) else None
    statement = receiver if legacy else argument(query.call, 0, "statement")
    if (
        statement is None
        or len(query.selects) != 1
        or not query.selects[0].args
        or last_name(query.call.func) not in RUNS | TERMINALS
    ):
        return {}
    selected = query.selects[0].args[0]
    return {"statement": statement, "entity": selected.value if isinstance(selected, ast.Attribute) else selected}


def _uncapped(project: Project, param: Param, function: Function) -> Sighting:
    node = param.annotation or param.default
    assert node is not None
    everything = isinstance(param.default, ast.Constant) and param.default.value is None
    return Sighting(
        module=function.module,
        function=function,
        node=node,
        severity="info",
        minor=is_for_few(project, function) and not everything,
        message=f"the client may ask {function.qualname} for any number of rows: {param.name} has no upper bound",
    )
