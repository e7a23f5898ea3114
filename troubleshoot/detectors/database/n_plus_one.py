"""One query for each row: in a loop, or through a relationship that loads when it is read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.inference.values import Instance
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import is_name, is_within, keyword, last_name, short, text_of
from troubleshoot.code.topics.administrators import serves_administrators
from troubleshoot.code.topics.elements import are_many
from troubleshoot.code.topics.loops import Repeated, is_for_an_error, is_on_purpose, is_search, loop_around, unwrapped
from troubleshoot.code.topics.queries import SESSIONS, Query, is_returned, queries
from troubleshoot.code.topics.reads import Read, read_by, writes_too
from troubleshoot.code.topics.relationships import lazy_relationships, loading_of
from troubleshoot.code.topics.tables import are_few

WRITES = re.compile(
    "_*(?:(?:bulk|batch|get_or|find_or|check_and|api)_)?(?:"
    "create|update|patch|delete|remove|add|insert|save|store|set|send|revoke|reset|process|handle|void|link|mark|upsert|write"
    "|notify|publish|dispatch|enqueue|purge|clear|sync|migrate|apply|assign|archive|cancel|ingest|record|log|register"
    "|grant|give|seed|install|uninstall|import|export|run|start|stop|stamp|restore|refund|charge|scrape|schedule|complete"
    "|approve|reject|close|reopen|confirm|accept|decline|merge|move|activate|deactivate|enable|disable"
    ")(?:_|$)"
)
"""Helpers that change something for each element: each may need a statement of its own."""
CHECKS = re.compile("_*(?:validate|verify|check|ensure|assert)(?:_|$)")
WRITTEN = frozenset(("commit", "flush"))
"""What a session expires its rows with, so that each is read once more."""
FINISHES = frozenset(("commit", "flush", "add_task", "create_task", "submit"))
EAGER = frozenset(("options", "joinedload", "selectinload", "subqueryload", "contains_eager"))

BROKEN = {
    "main.py": """
from typing import List

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Session, relationship, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))


class Base(DeclarativeBase):
    pass


class Author(Base):
    pass


class Book(Base):
    author = relationship("Author")


class AuthorOut(BaseModel):
    name: str


class BookOut(BaseModel):
    author: AuthorOut


def get_db():
    with SessionLocal() as db:
        yield db


def author_of(db: Session, book_id: int):
    return db.get(Author, book_id)


@app.get("/loop")
def loop(ids: List[int], db: Session = Depends(get_db)):
    found = []
    for book_id in ids:
        found.append(db.query(Book).filter_by(id=book_id).first())
    return found


@app.get("/helper")
def helper(ids: List[int], db: Session = Depends(get_db)):
    return [author_of(db, book_id) for book_id in ids]


@app.get("/lazy")
def lazy(db: Session = Depends(get_db)):
    books = db.scalars(select(Book).limit(50)).all()
    return [{"author": book.author.name} for book in books]


@app.get("/books", response_model=List[BookOut])
def books(db: Session = Depends(get_db)):
    return db.scalars(select(Book).limit(50)).all()
"""
}
FIXED = {
    "main.py": """
from typing import List

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import create_engine, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Session, relationship, selectinload, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))
TABLES = ("authors", "books")


class Base(DeclarativeBase):
    pass


class Author(Base):
    books = relationship("Book", lazy="selectin")


class Book(Base):
    author = relationship("Author")


class AuthorOut(BaseModel):
    name: str


class BookOut(BaseModel):
    author: AuthorOut


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/books", response_model=List[BookOut])
def books(db: Session = Depends(get_db)):
    found = db.scalars(select(Book).options(selectinload(Book.author)).limit(50)).all()
    return [{"author": {"name": book.author.name}} for book in found]


@app.get("/authors")
def authors(ids: List[int], db: Session = Depends(get_db)):
    found = db.scalars(select(Author).where(Author.id.in_(ids)).limit(100)).all()
    return [len(author.books) for author in found]


async def run(getter, session: AsyncSession):
    return await getter(session, "name")


@app.get("/cards")
async def cards(session: AsyncSession = Depends(get_async)):
    getters = []
    getters.append(user_card)
    getters.append(order_card)
    return [await run(getter, session) for getter in getters]


@app.post("/books")
def add(names: List[str], db: Session = Depends(get_db)):
    for name in names:
        db.add(Book(name=name))
        db.execute(update(Author).where(Author.name == name).values(busy=True))
        statement = delete(Book).where(Book.name == name)
        db.execute(statement)
    db.commit()
    for table in ("authors", "books"):
        db.get(Author, table)
    for table in TABLES:
        db.get(Author, table)
    return len(names)
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield queries in loops, and rows whose relationships are read one by one."""
    known: dict[Function, Read | None] = {}
    for reached in project.reached_as("path operation", "dependency", "websocket endpoint", "background task"):
        for sighting in (*_in_loops(project, reached, known), *_through_relationships(project, reached)):
            yield sighting.as_note() if serves_administrators(project, reached) else sighting


def _in_loops(project: Project, reached: Reached, known: dict[Function, Read | None]) -> Iterator[Sighting]:
    function = reached.function
    for call in function.body.calls:
        loop = loop_around(call)
        read = read_by(project, call, reached.scope, known) if loop is not None else None
        if loop is None or read is None:
            continue
        told = not _changes(project, call, loop, read, reached) and are_many(project, loop.over, reached, known)
        over = unwrapped(loop.over)
        is_meant = are_few(last_name(over.func if isinstance(over, ast.Call) else over))
        is_meant = is_meant or is_for_an_error(loop.node) or _checks_request(loop, function) or is_search(loop)
        is_meant = is_meant or is_on_purpose(loop, function.module) or writes_too(project, call, reached.scope)
        yield Sighting(
            module=function.module,
            function=function,
            node=call,
            severity="warning" if told and not is_meant else "info",
            minor=not told,
            message=f"{function.qualname} runs a query for each element: {short(call.func)}()"
            + (f", which leads to {read.query}" if read.steps else ""),
            chain=read.steps,
        )


def _changes(project: Project, call: ast.Call, loop: Repeated, read: Read, reached: Reached) -> bool:
    """Return whether each round changes something, so that it may need a statement of its own, or asks the same."""
    if reached.role == "background task" or WRITES.match(last_name(call.func)):
        return True
    if read.steps and WRITES.match(reached.function.name):
        return True
    if last_name(call.func) == "refresh" and any(
        last_name(item.func) in WRITTEN for item in reached.function.body.calls
    ):
        return True
    for item in ast.walk(loop.node):
        if not isinstance(item, ast.Call):
            continue
        name = last_name(item.func)
        if name in FINISHES or ("_" in name and WRITES.match(name)):
            return True
        if name in ("add", "delete", "merge") and project.path(item.func, reached.scope).startswith(SESSIONS):
            return True
    return False


def _checks_request(loop: Repeated, function: Function) -> bool:
    """Return whether a loop refuses what a client sends, which is seldom much: no rows are read for their own sake."""
    is_sent = last_name(unwrapped(loop.over)) in {param.name for param in function.params}
    refuses = any(isinstance(item, ast.Raise) for item in ast.walk(loop.node))
    return is_sent and refuses and CHECKS.match(function.name) is not None


def _through_relationships(project: Project, reached: Reached) -> Iterator[Sighting]:
    function = reached.function
    for query in queries(project.inference, function, reached.scope):
        if query.entity is None or not query.fetches_many or query.built & EAGER:
            continue
        whole = [
            (call, item)
            for call in query.selects
            for item in call.args
            if project.value(item, reached.scope) is query.entity
        ]
        if not whole:
            # Columns, which may be called as a relationship is.
            continue
        lazy = lazy_relationships(project.inference, query.entity)
        read = (*_read_in_loops(query, function), *_serialized(project, query, function))
        names = [name for name in dict.fromkeys(read) if name in lazy]
        if names:
            entity = query.entity.name
            on_each_read = {name for name, call in lazy.items() if text_of(loading_of(call)) in ("", "select")}
            yield Sighting(
                module=function.module,
                function=function,
                node=query.call,
                severity="warning",
                message=f"{function.qualname} loads {' and '.join(dict.fromkeys(names))} with a query of its own "
                f"for each {entity}",
                captured={"model": entity, "relationship": names[0], "relationships": ", ".join(dict.fromkeys(names))},
                nodes={"selects": whole[0][0], "entity": whole[0][1]}
                if len(whole) == 1 and on_each_read.issuperset(names)
                else {},
            )


def _read_in_loops(query: Query, function: Function) -> Iterator[str]:
    """Yield the attributes read of the rows that a loop goes through."""
    rows = {name for name, values in function.body.assigned.items() if any(is_within(query.call, v) for v in values)}
    for variable, over in function.body.looped.items():
        if (isinstance(over, ast.Name) and over.id in rows) or is_within(query.call, over):
            for attribute in function.body.attributes:
                if is_name(attribute.value, variable) and not is_for_an_error(attribute):
                    yield attribute.attr


def _serialized(project: Project, query: Query, function: Function) -> Iterator[str]:
    """Yield the fields of the response model, if the rows are what the endpoint returns."""
    if not is_returned(query.call, function):
        return
    for route in project.routes:
        if route.function is function or any(use.value is function for use in project.dependencies_of(route.function)):
            model = keyword(route.call, "response_model") or route.function.node.returns
            value = project.inference.annotation(model, route.scope) if model is not None else None
            inside = getattr(value, "of", None)
            if isinstance(inside, Instance) and isinstance(inside.of, Class):
                yield from inside.of.annotations
