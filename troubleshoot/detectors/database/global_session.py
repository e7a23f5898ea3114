"""One session, made at import, that requests use."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.origins import origin_of
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import argument, keyword
from troubleshoot.code.topics.queries import SESSIONS

BROKEN = {
    "main.py": """
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

from db import session

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))
registry = scoped_session(SessionLocal)


def get_db():
    db = registry()
    try:
        yield db
    finally:
        db.close()


@app.get("/scoped")
def scoped(db=Depends(get_db)):
    return db.execute(text("SELECT 1")).scalar()


@app.get("/shared")
def shared():
    return session.execute(text("SELECT 1")).scalar()
""",
    "db.py": """
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine("sqlite://"))
session = SessionLocal()
""",
}
FIXED = {
    "main.py": """
from contextvars import ContextVar

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite://"))
request_id = ContextVar("request_id", default=0)
registry = scoped_session(SessionLocal, scopefunc=request_id.get)


def get_db():
    with SessionLocal() as session:
        yield session


@app.get("/injected")
def injected(db=Depends(get_db)):
    return db.execute(text("SELECT 1")).scalar()


@app.get("/scoped")
def scoped():
    return registry().execute(text("SELECT 1")).scalar()


def main():
    session = SessionLocal()
    session.close()
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield module-level sessions that requests use, and the places that hand out a thread's session."""
    told = set()
    for reached in project.reach:
        function = reached.function
        for node in _names(function) if reached.place != "startup" else ():
            origin = origin_of(project.inference, node, Scope.of(function))
            module = project.files.module(origin[0]) if origin is not None and "." not in origin[1] else None
            if origin is None or module is None or project.inference.global_name(origin[1], module) not in SESSIONS:
                continue
            made = module.body.assigned.get(origin[1], [node])[-1]
            scoped = isinstance(made, ast.Call) and project.path(made.func, module).endswith("scoped_session")
            if isinstance(made, ast.Call) and keyword(made, "scopefunc"):
                continue
            if (place := node if scoped else made) not in told:
                told.add(place)
                yield _sighting(module, function, origin[1], place, made if scoped else None)


def _sighting(module: Module, user: Function, name: str, node: ast.expr, registry: ast.expr | None) -> Sighting:
    if registry is not None:
        message = f"{name} gives every request in a thread the same session; {user.qualname} hands it out"
        factory = argument(registry, 0, "session_factory") if isinstance(registry, ast.Call) else None
        return Sighting(
            module=user.module,
            function=user,
            node=node,
            severity="warning",
            message=message,
            nodes={"factory": factory} if factory is not None else {},
        )
    message = f"{name} is one session for all requests; {user.qualname} uses it"
    return Sighting(
        module=module, function=None, node=node, severity="error", message=message, captured={"session": name}
    )


def _names(function: Function) -> list[ast.Name]:
    """Return the names on which methods are called, or that are called themselves."""
    found: dict[str, ast.Name] = {}
    for call in function.body.calls:
        for node in (call.func, getattr(call.func, "value", None), *call.args):
            if isinstance(node, ast.Name):
                found.setdefault(node.id, node)
    for statement in (*function.body.yields, *function.body.returns):
        if isinstance(statement.value, ast.Name):
            found.setdefault(statement.value.id, statement.value)
    return list(found.values())
