"""A loop that awaits while others change what it goes through."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.inference.values import Instance
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import ancestors, short

SENDING = ("send", "broadcast", "emit", "publish", "notify")
VIEWS = frozenset(("items", "values", "keys"))

BROKEN = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


class Manager:
    def __init__(self):
        self.rooms: dict[str, WebSocket] = {}

    async def connect(self, name: str, websocket: WebSocket):
        await websocket.accept()
        self.rooms[name] = websocket

    async def broadcast(self, text: str):
        for name, websocket in self.rooms.items():
            await websocket.send_text(text)


manager = Manager()
clients: set[WebSocket] = set()


@app.websocket("/ws")
async def chat(websocket: WebSocket):
    await websocket.accept()
    clients.add(websocket)
    try:
        while True:
            text = await websocket.receive_text()
            for client in clients:
                await client.send_text(text)
    finally:
        clients.discard(websocket)


@app.websocket("/rooms/{name}")
async def room(websocket: WebSocket, name: str):
    await manager.connect(name, websocket)
    for socket in manager.rooms.values():
        await socket.send_text(name)
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from pydantic import BaseModel

app = FastAPI()


class Manager:
    def __init__(self):
        self.rooms: dict[str, WebSocket] = {}
        self.fixed: list[str] = ["a", "b"]

    async def connect(self, name: str, websocket: WebSocket):
        await websocket.accept()
        self.rooms[name] = websocket

    async def broadcast(self, text: str):
        for websocket in list(self.rooms.values()):
            await websocket.send_text(text)
        for name in self.fixed:
            await self.rooms[name].send_text(text)
        for name in self.rooms:
            print(name)


clients: set[WebSocket] = set()


class Wallet(BaseModel):
    shared_with: list[str] = []

    def share(self, name: str):
        self.shared_with.append(name)


async def notify(websocket: WebSocket, wallet: Wallet):
    for name in wallet.shared_with:
        await websocket.send_text(name)


@app.websocket("/ws")
async def chat(websocket: WebSocket):
    await websocket.accept()
    clients.add(websocket)
    for client in clients.copy():
        await client.send_text("hello")
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield loops over a live collection with an await inside."""
    for function in project.functions:
        if not function.is_async or not function.module.mentions(b"send"):
            continue
        for loop in function.body.loops:
            if isinstance(loop, ast.For) and _awaits(loop, function):
                container = _live(loop.iter)
                if container is not None and _changes(project, container, function):
                    yield Sighting(
                        module=function.module,
                        function=function,
                        node=loop.iter,
                        severity="warning",
                        message=f"{short(container)} may change while {function.qualname} awaits in the loop over it",
                    )


def _awaits(loop: ast.For, function: Function) -> bool:
    """Return whether something is sent and awaited for each element."""
    return any(
        loop in ancestors(node)
        and loop.iter not in ancestors(node)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr.startswith(SENDING)
        for node in function.body.awaits
    )


def _live(node: ast.expr) -> ast.Name | ast.Attribute | None:
    """Return the collection itself that a loop goes through, None if it is a copy."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in VIEWS:
        node = node.func.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        # One of several collections, or an empty one.
        node = node.func.value if all(_is_empty(item) for item in node.args[1:]) else node
    if isinstance(node, ast.Subscript):
        node = node.value
    return node if isinstance(node, (ast.Name, ast.Attribute)) else None


def _is_empty(node: ast.expr) -> bool:
    """Return whether an expression is an empty collection, or makes one."""
    return not any(True for item in ast.walk(node) if isinstance(item, ast.expr) and item is not node) or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.args
    )


def _changes(project: Project, container: ast.Name | ast.Attribute, function: Function) -> bool:
    """Return whether anything adds to or removes from a collection that outlives the function."""
    if isinstance(container, ast.Attribute):
        owner = project.value(container.value, function)
        # A model belongs to the request that it was read for.
        if not isinstance(owner, Instance) or project.inference.is_a(owner.of, "pydantic.BaseModel"):
            return False
        return _is_changed(owner.of, container.attr)
    local = container.id in function.body.assigned or any(param.name == container.id for param in function.params)
    return not local and _is_changed_in(function.module, container.id)


def _is_changed(owner: Class, name: str) -> bool:
    return _is_changed_in(owner.module, rf"\w+\.{name}")


def _is_changed_in(module: Module, name: str) -> bool:
    words = "append|add|remove|discard|pop|popitem|setdefault|update|clear|insert|extend"
    pattern = rf"\b{name}(?:\[[^][]*\])?\.(?:{words})\(|\b{name}\[[^][]*\]\s*=[^=]|\bdel\s+{name}\["
    return re.search(pattern.encode(), module.data) is not None
