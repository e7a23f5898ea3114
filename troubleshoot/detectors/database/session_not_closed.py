"""A session or connection that is made by hand and closed nowhere, or not when something fails."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.inference.values import Bound
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, is_in_finally, is_name, parent
from troubleshoot.code.topics.queries import CONNECTIONS

LOGS = re.compile(r"print|(?:\w+\.)*_?log(?:ger|ging)?\.\w+")

BROKEN = {
    "main.py": """
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def open_session():
    return SessionLocal()


def open_named():
    session = SessionLocal()
    return session


@app.get("/left-open")
def left_open():
    db = SessionLocal()
    return db.execute(text("SELECT 1")).scalar()


@app.get("/not-on-errors")
def not_on_errors():
    db = Session(engine)
    result = db.execute(text("SELECT 1")).scalar()
    db.close()
    return result


@app.get("/next")
def by_hand():
    db = next(get_db())
    return db.execute(text("SELECT 1")).scalar()


@app.get("/returned")
def returned(db: Session = Depends(open_session), other: Session = Depends(open_named)):
    return db.execute(text("SELECT 1")).scalar()
"""
}
FIXED = {
    "main.py": """
from contextlib import closing, contextmanager

from fastapi import Depends, FastAPI, Request
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@contextmanager
def session_scope():
    session = SessionLocal()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


def make() -> Session:
    return SessionLocal()


@app.get("/with")
def with_block():
    with SessionLocal() as db:
        return db.execute(text("SELECT 1")).scalar()


@app.get("/finally")
def with_finally():
    db = SessionLocal()
    try:
        return db.execute(text("SELECT 1")).scalar()
    finally:
        db.close()


@app.get("/made")
def made():
    db = make()
    with closing(db):
        return db.execute(text("SELECT 1")).scalar()


@app.middleware("http")
async def keep(request: Request, call_next):
    request.state.db = SessionLocal()
    try:
        return await call_next(request)
    finally:
        request.state.db.close()


@app.get("/injected")
def injected(db: Session = Depends(get_db)):
    return db.execute(text("SELECT 1")).scalar()
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls that make a session which is left open."""
    places: dict[Function, set[str]] = {}
    for reached in project.reach:
        places.setdefault(reached.function, set()).add(reached.place)
    for function, several in places.items():
        if not function.is_generator:
            for found in _made_by_hand(project, function):
                # What only the start leaves open is one connection.
                yield found.as_note() if several == {"startup"} else found
    for use in project.dependencies:
        called = use.value.function if isinstance(use.value, Bound) else use.value
        if isinstance(called, Function) and not called.is_generator:
            for statement in called.body.returns:
                made = _returned(statement, called)
                if made is not None and _makes_session(project, made, called):
                    message = f"{called.qualname} returns a session, and nobody closes it when the request is over"
                    yield _sighting(called, statement, message, certain=True)


def _returned(statement: ast.Return, function: Function) -> ast.Call | None:
    """Return the call whose result a function returns, at once or by a name that it has closed nowhere."""
    value = statement.value
    if isinstance(value, ast.Name):
        made = function.body.assigned.get(value.id, [])
        value = made[0] if len(made) == 1 and _closing(value.id, function) is None else None
    return value if isinstance(value, ast.Call) else None


def _made_by_hand(project: Project, function: Function) -> Iterator[Sighting]:
    for call in function.body.calls:
        around = parent(call)
        taken = isinstance(call.func, ast.Name) and call.func.id == "next" and call.args
        if not isinstance(around, ast.Assign) or not isinstance(around.targets[0], ast.Name):
            continue
        if taken:
            generator = call.args[0].id if isinstance(call.args[0], ast.Name) else ""
            closed = _closing(generator, function) if generator else None
            if closed is not None and _is_safe(closed):
                continue
            if project.path(call, function) in CONNECTIONS or _yields_session(project, call.args[0], function):
                yield _sighting(function, call, f"next() takes a session out of its generator in {function.qualname}")
        elif _makes_session(project, call, function):
            name = around.targets[0].id
            closed = _closing(name, function)
            if closed is None and not _is_handed_on(name, function):
                yield _sighting(function, call, f"{name} is opened in {function.qualname} and never closed")
            elif closed is not None and not _is_safe(closed) and _may_fail_between(call, closed, function):
                message = f"{name} is closed only if nothing fails before, in {function.qualname}"
                yield _sighting(function, call, message)


def _yields_session(project: Project, node: ast.expr, function: Function) -> bool:
    value = project.value(node, function)
    return getattr(value, "of", None) in CONNECTIONS


def _makes_session(project: Project, call: ast.Call, function: Function) -> bool:
    """Return whether a call makes a session itself, rather than getting one from somebody who looks after it."""
    if project.path(call, function) not in CONNECTIONS:
        return False
    called = project.value(call.func, function)
    if isinstance(called, (Function, Bound)):
        made = called.function if isinstance(called, Bound) else called
        return any(
            isinstance(item.value, ast.Call) and isinstance(project.value(item.value.func, made), str)
            for item in made.body.returns
        )
    return isinstance(called, str) and not called.endswith((".begin", ".begin_nested", ".connection"))


def _closing(name: str, function: Function) -> ast.AST | None:
    """Return the place that closes `name`: a call of `close()`, or a `with`."""
    found: ast.AST | None = None
    for call in function.body.calls:
        called = call.func
        if isinstance(called, ast.Attribute) and called.attr in ("close", "remove", "aclose"):
            if is_name(called.value, name):
                found = call
            if found is call and _is_safe(call):
                return call
    for statement in function.body.withs:
        for item in statement.items:
            if any(is_name(node, name) for node in ast.walk(item.context_expr)):
                return statement
    return found


def _is_safe(closing: ast.AST) -> bool:
    """Return whether a close happens whatever fails."""
    return isinstance(closing, (ast.With, ast.AsyncWith)) or is_in_finally(closing)


def _may_fail_between(made: ast.Call, closing: ast.AST, function: Function) -> bool:
    """Return whether more than a line in a log stands between the call that makes a session and the one that closes it.

    So it is where somebody only looks whether there is a connection.
    """
    between = range((made.end_lineno or made.lineno) + 1, getattr(closing, "lineno", 0))
    raises = any(item.lineno in between for item in function.body.raises)
    return raises or any(item.lineno in between and not _is_log(item) for item in function.body.calls)


def _is_log(call: ast.Call) -> bool:
    return LOGS.fullmatch(ast.unparse(call.func)) is not None or any(
        isinstance(around, ast.Call) and _is_log(around) for around in ancestors(call)
    )


def _is_handed_on(name: str, function: Function) -> bool:
    """Return whether somebody else gets the session to keep, and may close it."""
    for statement in function.body.returns:
        if isinstance(statement.value, (ast.Name, ast.Tuple)) and any(
            is_name(node, name) for node in ast.walk(statement.value)
        ):
            return True
    return any(is_name(value, name) for _, value in function.body.stored_attributes)


def _sighting(function: Function, node: ast.expr | ast.stmt, message: str, *, certain: bool = False) -> Sighting:
    return Sighting(
        module=function.module,
        function=function,
        node=node,
        severity="error" if certain else "warning",
        message=message,
    )
