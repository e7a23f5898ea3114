"""A database session that is open as long as the socket."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, is_name
from troubleshoot.code.topics.queries import SESSIONS
from troubleshoot.code.topics.websockets import RECEIVES, socket_calls

BROKEN = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


from fastapi import Depends
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("sqlite://"))


def get_db():
    with SessionLocal() as db:
        yield db


@app.websocket("/injected")
async def injected(websocket: WebSocket, db: Session = Depends(get_db)):
    await websocket.accept()
    while True:
        await websocket.receive_text()
        db.execute(text("SELECT 1"))


@app.websocket("/opened")
async def opened(websocket: WebSocket):
    await websocket.accept()
    with SessionLocal() as db:
        while True:
            await websocket.receive_text()
            db.execute(text("SELECT 1"))
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


from fastapi import Depends
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("sqlite://"))


def get_db():
    with SessionLocal() as db:
        yield db


@app.websocket("/each")
async def each(websocket: WebSocket):
    await websocket.accept()
    while True:
        await websocket.receive_text()
        with SessionLocal() as db:
            db.execute(text("SELECT 1"))


@app.websocket("/once")
async def once(websocket: WebSocket, db: Session = Depends(get_db)):
    await websocket.accept()
    await websocket.send_text(str(db.execute(text("SELECT 1")).scalar()))
    await websocket.close()
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield sessions that are made before the receive loop and live through it."""
    for function in project.called_as("websocket endpoint"):
        loop = _receive_loop(project, function)
        if loop is None:
            continue
        for node, name, nodes in _sessions(project, function, loop):
            yield Sighting(
                module=function.module,
                function=function,
                node=node,
                severity="warning",
                message=f"{name} keeps a connection for as long as a client of {function.qualname} stays",
                nodes={"loop": loop, **nodes},
            )


def _receive_loop(project: Project, function: Function) -> ast.AST | None:
    for name, call in socket_calls(project, function):
        if name in RECEIVES:
            for around in ancestors(call):
                if isinstance(around, (ast.While, ast.For, ast.AsyncFor)):
                    return around
    return None


def _sessions(
    project: Project, function: Function, loop: ast.AST
) -> Iterator[tuple[ast.expr, str, Mapping[str, ast.AST]]]:
    """Yield what makes each session, its name, and the `with` that opens it, if one does."""
    for param in function.params:
        if project.inference.parameter(param, function) in SESSIONS and _is_used(param.name, function):
            node = param.annotation or param.default
            if node is not None:
                yield node, param.name, {}
    for name, values in function.body.assigned.items():
        for value in values:
            if project.path(value, function) in SESSIONS and loop not in ancestors(value):
                yield value, name, {}
    for statement in function.body.withs:
        for item in statement.items:
            if statement in ancestors(loop) and project.path(item.context_expr, function) in SESSIONS:
                name = ast.unparse(item.optional_vars) if item.optional_vars else "the session"
                yield item.context_expr, name, {"opened": statement}


def _is_used(name: str, function: Function) -> bool:
    """Return whether a function does anything with a session, which takes no connection before."""
    return any(is_name(item, name) for statement in function.node.body for item in ast.walk(statement))
