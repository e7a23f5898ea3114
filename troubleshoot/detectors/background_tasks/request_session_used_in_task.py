"""A background task that is given its request's session, a row of it, or the request."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from troubleshoot.code.inference.values import Bound, Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.topics.queries import CONNECTIONS
from troubleshoot.code.topics.rows import (
    closes_session,
    holds_session,
    is_mapped,
    is_only_data,
    selects_row,
    uses_session,
)
from troubleshoot.code.topics.tasks import added_tasks, coroutine_of, handed_over, is_waited_for, started_tasks
from troubleshoot.model import SEVERITIES, Severity

BROKEN = {
    "main.py": """
import asyncio
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, Request

from database import Order, Session, SessionLocal, get_db, work

app = FastAPI()
SessionDep = Annotated[Session, Depends(get_db)]


def state_db(request: Request) -> Session:
    return request.state.db


class Orders:
    def __init__(self, db: SessionDep):
        self.db = db

    def count(self, order_id: int):
        self.db.get(Order, order_id)


@app.post("/session")
def pass_session(tasks: BackgroundTasks, db: SessionDep):
    tasks.add_task(work, db, order_id=1)


@app.post("/state")
def pass_state(tasks: BackgroundTasks, request: Request, db: Session = Depends(state_db)):
    tasks.add_task(work, order_id=1, db=db)
    tasks.add_task(work, request.state.db, 1)


@app.post("/row")
def pass_row(tasks: BackgroundTasks):
    with SessionLocal() as db:
        order = db.get(Order, 1)
        tasks.add_task(print, order)


@app.post("/service")
def pass_method(tasks: BackgroundTasks, orders: Annotated[Orders, Depends()]):
    tasks.add_task(orders.count, 1)


@app.post("/closure")
async def pass_closure(db: SessionDep, tasks: BackgroundTasks):
    async def later():
        db.get(Order, 1)

    tasks.add_task(later)
    tasks.add_task(lambda: work(db, 1))


@app.post("/started")
async def start(db: SessionDep):
    asyncio.create_task(work(db, 1))
""",
    "database.py": """
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

SessionLocal = sessionmaker(create_engine("sqlite://"))


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)


def get_db():
    with SessionLocal() as db:
        yield db


def work(db, order_id):
    db.get(Order, order_id)
""",
}
FIXED = {
    "main.py": """
import asyncio
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, Request

from database import Order, Session, SessionLocal, get_db, work

app = FastAPI()
SessionDep = Annotated[Session, Depends(get_db)]


def count(order_id: int):
    with SessionLocal() as db:
        work(db, order_id)


def export():
    db = SessionLocal()
    try:
        work(db, 1)
    finally:
        db.close()


class Bell:
    def __init__(self, db: SessionDep):
        self.db = db

    def ring(self):
        print("ring")


class Mailer:
    def send(self, order_id: int):
        print(order_id)


@app.post("/ids")
def pass_id(
    request: Request,
    tasks: BackgroundTasks,
    db: SessionDep,
    mailer: Annotated[Mailer, Depends()],
    service: Annotated[Bell, Depends()],
):
    order = db.get(Order, 1)
    tasks.add_task(count, order.id)
    tasks.add_task(mailer.send, order_id=order.id)
    tasks.add_task(service.ring)
    tasks.add_task(print, request.app.state.settings, request.url.path, str(order.id))
    tasks.add_task(lambda: count(1))

    def later():
        with SessionLocal() as db:
            work(db, 1)

    tasks.add_task(later)


@app.post("/awaited")
async def awaited(db: SessionDep):
    tasks = []
    for number in range(2):
        task = asyncio.create_task(work(db, number))
        tasks.append(task)
    await asyncio.gather(*tasks)


@app.post("/own")
def own(tasks: BackgroundTasks):
    db = SessionLocal()
    tasks.add_task(work, db, 1)
    tasks.add_task(db.close)
""",
    "database.py": BROKEN["database.py"],
}
REQUEST = "fastapi.Request()"
STATE = "fastapi.Request().state."


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls that hand what belongs to a request over to work that outlives it."""
    for function in project.functions:
        scope = Scope.of(function)
        for call, given in added_tasks(project, function):
            items = [*_of_callable(project, given, scope), *handed_over(call, given)]
            yield from _given(project, call, items, scope, {"holder": call, "work": given})
        for call in started_tasks(project, function):
            made = coroutine_of(call)
            if made is not None and not is_waited_for(call, function):
                items = [*made.args, *(item.value for item in made.keywords), *_of_callable(project, made.func, scope)]
                found = _given(project, call, items, scope, {"holder": made, "work": made.func})
                yield from (item.as_note() for item in found) if closes_session(project, made, scope) else found


def _given(
    project: Project, call: ast.Call, items: list[ast.expr], scope: Scope, nodes: Mapping[str, ast.AST]
) -> Iterator[Sighting]:
    """Yield one sighting for a call, of the worst that is given to it."""
    assert scope.function is not None
    found = [what for what in (_belongs(project, item, scope) for item in items) if what is not None]
    if found:
        severity, name = min(found, key=lambda what: SEVERITIES.index(what[0]))
        yield Sighting(
            module=scope.module,
            function=scope.function,
            node=call,
            severity=severity,
            message=f"{scope.function.qualname} hands {name} to a task that runs after it",
            nodes=nodes,
        )


def _of_callable(project: Project, given: ast.expr, scope: Scope) -> list[ast.expr]:
    """Return what a callable carries with it: the object of a method, a partial's arguments, a closure's variables."""
    if isinstance(given, ast.Lambda):
        return [item for item in ast.walk(given.body) if isinstance(item, (ast.Name, ast.Attribute))]
    if isinstance(given, ast.Call) and project.path(given.func, scope) == "functools.partial":
        return [*given.args[1:], *(item.value for item in given.keywords), *_of_callable(project, given.args[0], scope)]
    value = project.value(given, scope)
    if isinstance(given, ast.Attribute) and isinstance(value, Bound):
        return [given.value] if uses_session(project, value.function) else []
    if isinstance(value, Function) and value.outer is scope.function:
        own = {param.name for param in value.params} | set(value.body.assigned) | set(value.body.entered)
        names = [item.value for item in value.body.attributes if isinstance(item.value, ast.Name)]
        return [name for name in names if name.id not in own]
    return []


def _belongs(project: Project, item: ast.expr, scope: Scope) -> tuple[Severity, str] | None:
    """Return how bad it is that `item` leaves its request, and its name; None if it may."""
    value = project.value(item, scope)
    name = ast.unparse(item)
    if value in CONNECTIONS:
        return _session(project, item, name, scope)
    if isinstance(value, str) and value.startswith(STATE) and value.removeprefix(STATE) in ("db", "session"):
        return "error", f"the session {name}"
    if value == REQUEST:
        return "info", f"the whole {name}"
    if isinstance(value, Instance) and isinstance(item, ast.Name):
        if is_mapped(project, value.of):
            is_loose = scope.function is not None and is_only_data(project, name, scope.function)
            return None if is_loose else ("warning", f"the row {name}")
        if _is_injected(item, scope) and holds_session(project, value.of):
            return "warning", f"{name}, which holds its session,"
    if isinstance(item, ast.Name) and any(selects_row(project, made, scope) for made in _assigned(item, scope)):
        return "warning", f"the row {name}"
    return None


def _assigned(item: ast.Name, scope: Scope) -> list[ast.expr]:
    return scope.function.body.assigned.get(item.id, []) if scope.function is not None else []


def _session(project: Project, item: ast.expr, name: str, scope: Scope) -> tuple[Severity, str] | None:
    assert scope.function is not None
    if isinstance(item, ast.Name):
        if item.id in scope.function.body.entered:
            return "error", f"the session {name}"
        if not _is_injected(item, scope):
            return None
    elif not isinstance(item, ast.Attribute):
        return None
    return ("error" if _is_from_state(project, item, scope) else "warning"), f"the session {name}"


def _is_injected(item: ast.Name, scope: Scope) -> bool:
    return scope.function is not None and any(param.name == item.id for param in scope.function.params)


def _is_from_state(project: Project, item: ast.expr, scope: Scope) -> bool:
    """Return whether a session comes from a dependency that takes it from `request.state`: a middleware closes it."""
    if not isinstance(item, ast.Name):
        return _is_state(project, item, scope)
    for use in project.dependencies_of(scope.function) if scope.function else ():
        given = use.value
        returns = given.body.returns if isinstance(given, Function) else []
        if isinstance(given, Function) and any(_is_state(project, it.value, Scope.of(given)) for it in returns):
            return True
    return False


def _is_state(project: Project, node: ast.expr | None, scope: Scope) -> bool:
    if isinstance(node, ast.Name) and scope.function is not None:
        return any(_is_state(project, made, scope) for made in _assigned(node, scope) if not isinstance(made, ast.Name))
    return isinstance(node, ast.Attribute) and f"{project.path(node.value, scope)}." == STATE
