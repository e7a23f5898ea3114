"""Sockets that stay registered when they are dead."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Bound, Elements, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, is_within, mentions, nesting, short, tries
from troubleshoot.code.topics.queries import CONNECTIONS, queries
from troubleshoot.code.topics.websockets import SENDS, SOCKET, catches, is_suppressed, returns_exceptions, sent_to

STEPS = 3
REMOVES = frozenset(("disconnect", "remove", "pop", "discard", "unregister", "leave", "unsubscribe"))

BROKEN = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


from manager import manager

import json


@app.websocket("/ws")
async def chat(websocket: WebSocket):
    await manager.connect(websocket)
    try:
        while True:
            message = json.loads(await websocket.receive_text())
            await manager.broadcast(message["text"])
    except WebSocketDisconnect:
        manager.disconnect(websocket)
""",
    "manager.py": """
import asyncio

from fastapi import WebSocket


class Manager:
    def __init__(self):
        self.active: list[WebSocket] = []
        self.named: dict[str, WebSocket] = {}

    async def connect(self, websocket: WebSocket):
        await websocket.accept()
        self.active.append(websocket)

    def disconnect(self, websocket: WebSocket):
        self.active.remove(websocket)

    async def broadcast(self, text: str):
        for connection in self.active:
            await connection.send_text(text)

    async def broadcast_known(self, text: str):
        for connection in self.active:
            try:
                await connection.send_text(text)
            except KeyError:
                print("unknown")

    async def send_to(self, name: str, text: str):
        try:
            await self.named[name].send_text(text)
        except KeyError:
            print("unknown")

    async def broadcast_all(self, text: str):
        await asyncio.gather(*[connection.send_text(text) for connection in self.active])


manager = Manager()
""",
}
FIXED = {
    "main.py": """
from contextlib import suppress

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


class Manager:
    def __init__(self):
        self.active: list[WebSocket] = []
        self.named: dict[str, WebSocket] = {}

    async def connect(self, websocket: WebSocket):
        await websocket.accept()
        self.active.append(websocket)

    def disconnect(self, websocket: WebSocket):
        self.active.remove(websocket)

    async def broadcast(self, text: str):
        for connection in list(self.active):
            try:
                await connection.send_text(text)
            except (WebSocketDisconnect, RuntimeError):
                self.active.remove(connection)

    async def broadcast_to_all(self, text: str):
        for connection in list(self.active):
            with suppress(WebSocketDisconnect, RuntimeError):
                await connection.send_text(text)


    async def send_to(self, name: str, text: str, websocket: WebSocket):
        try:
            await self.named[name].send_text(text)
        except KeyError:
            print("unknown")
        except RuntimeError:
            del self.named[name]
        try:
            await websocket.send_text(str(int(text)))
        except ValueError:
            print("no number")


manager = Manager()


@app.websocket("/ws")
async def chat(websocket: WebSocket):
    await manager.connect(websocket)
    try:
        while True:
            message = await websocket.receive_json()
            await manager.broadcast(message["text"])
    except WebSocketDisconnect:
        pass
    finally:
        manager.disconnect(websocket)


@app.websocket("/echo")
async def echo(websocket: WebSocket):
    await websocket.accept()
    try:
        for word in ("hello", "world"):
            await websocket.send_text(word)
        while True:
            await websocket.send_text(await websocket.receive_text())
    except WebSocketDisconnect:
        print("left")
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield broadcasts that one dead socket ends, and endpoints that forget their socket only after a disconnect."""
    for function in project.functions:
        if function.module.mentions(b"send"):
            yield from _broadcasts(project, function)
            yield from _single(project, function)
    for function in project.called_as("websocket endpoint"):
        yield from _forgotten(project, function)


def _broadcasts(project: Project, function: Function) -> Iterator[Sighting]:
    for call in function.body.calls:
        name = sent_to(call)
        if not name or call.func.attr not in SENDS - {"send"}:  # type: ignore[attr-defined]
            continue
        if is_suppressed(call):
            continue
        for around, inside in nesting(call):
            if isinstance(around, ast.Try) and inside in around.body and _expects_dead(project, around, function):
                break
            if isinstance(around, (ast.For, ast.AsyncFor)) and mentions(around.target, (name,)):
                message = f"one dead socket ends the loop of {function.qualname}, and the others get nothing"
                yield _one_by_one(function, call, message)
                break
            if isinstance(around, (ast.ListComp, ast.GeneratorExp)) and mentions(around.generators[0].target, (name,)):
                if not returns_exceptions(around, function):
                    yield _one_by_one(
                        function, call, f"one dead socket raises in {function.qualname}, for whoever sends"
                    )
                break


def _single(project: Project, function: Function) -> Iterator[Sighting]:
    """Yield sends to one of several sockets in a `try` that expects something else than a dead one."""
    for call in function.body.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in SENDS - {"send"}:
            continue
        attempts = list(tries(call))
        unexpected = attempts and not any(_expects_dead(project, attempt, function) for attempt in attempts)
        if unexpected and _is_one_of_several(project, call.func.value, function):
            yield Sighting(
                module=function.module,
                function=function,
                node=call,
                severity="warning",
                message=f"{function.qualname} expects other failures here, but not that the other client has left",
            )


def _is_one_of_several(project: Project, node: ast.expr, function: Function) -> bool:
    """Return whether a socket is taken out of a mapping, there or where the variable is set."""
    if project.value(node, function) != SOCKET:
        return False
    for made in function.body.assigned.get(node.id, ()) if isinstance(node, ast.Name) else [node]:
        if isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute) and made.func.attr == "get":
            made = made.func
        if isinstance(made, (ast.Subscript, ast.Attribute)) and isinstance(
            project.value(made.value, function), Elements
        ):
            return True
    return False


def _expects_dead(project: Project, attempt: ast.Try, function: Function) -> bool:
    return any(
        catches(project, handler, function, broad=True)
        or project.is_exception(handler.type, function, "builtins.RuntimeError")
        for handler in attempt.handlers
    )


def _one_by_one(function: Function, call: ast.Call, message: str) -> Sighting:
    return Sighting(
        module=function.module,
        function=function,
        node=call,
        severity="warning",
        message=message,
    )


def _forgotten(project: Project, function: Function) -> Iterator[Sighting]:
    for attempt in function.body.tries:
        if attempt.finalbody or any(handler.type is None for handler in attempt.handlers):
            continue
        names = ("builtins.Exception", "builtins.BaseException")
        if any(project.is_exception(handler.type, function, *names) for handler in attempt.handlers):
            continue
        handler = next((item for item in attempt.handlers if catches(project, item, function)), None)
        removal = _removal(handler) if handler is not None else None
        if handler is None or removal is None:
            continue
        risk = _risk(project, attempt, function)
        if risk:
            yield Sighting(
                module=function.module,
                function=function,
                node=handler,
                severity="warning",
                message=f"when {risk} fails, {function.qualname} ends and its socket stays registered",
                nodes={"removal": removal},
            )


def _removal(handler: ast.ExceptHandler) -> ast.stmt | None:
    """Return the first statement of a handler that takes something out of where it is registered."""
    return next((item for item in handler.body if isinstance(item, ast.Delete) or _removes(item)), None)


def _removes(statement: ast.stmt) -> bool:
    calls = [item.func for item in ast.walk(statement) if isinstance(item, ast.Call)]
    return any(isinstance(item, ast.Attribute) and any(word in item.attr for word in REMOVES) for item in calls)


def _risk(project: Project, attempt: ast.Try, function: Function) -> str:
    """Return source for something in a `try` that may fail, other than the socket."""
    for call in function.body.calls:
        tried = attempt in ancestors(call) and not any(is_within(call, item) for item in attempt.handlers)
        if tried and _may_fail(project, call, Scope.of(function), STEPS):
            return f"{short(call.func)}()"
    return ""


def _may_fail(project: Project, call: ast.Call, scope: Scope, steps: int) -> bool:
    called = project.value(call.func, scope)
    if isinstance(called, str):
        base = called.rpartition(".")[0]
        runs = base in CONNECTIONS and not called.endswith((".add", ".add_all"))
        return runs or called in ("json.loads", "fastapi.WebSocket().receive_json")
    inner = called.function if isinstance(called, Bound) else called
    if not isinstance(inner, Function) or steps == 0:
        return False
    inside = Scope.of(inner)
    return any(True for _ in queries(project.inference, inner, inside)) or any(
        _may_fail(project, item, inside, steps - 1) for item in inner.body.calls
    )
