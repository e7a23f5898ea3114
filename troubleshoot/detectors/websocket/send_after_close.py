"""Code that goes on using a socket that it has closed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Bound
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import LEAVING, ancestors, mentions, parent
from troubleshoot.code.topics.websockets import RECEIVES, SENDS, is_suppressed, socket_calls, sockets_passed_on

USES = RECEIVES | SENDS | {"accept"}

BROKEN = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket, token: str = ""):
    if not token:
        await websocket.close(code=1008)
    await websocket.accept()
    await websocket.send_text("welcome")


@app.websocket("/bye")
async def bye(websocket: WebSocket):
    await websocket.accept()
    await websocket.close()
    await websocket.send_text("bye")


async def check_token(websocket: WebSocket, token: str):
    if token != "secret":
        await websocket.close(1008, reason="wrong token")


@app.websocket("/checked")
async def checked(websocket: WebSocket, token: str = ""):
    await check_token(websocket, token)
    await websocket.accept()
    await websocket.send_text("welcome")
""",
}
FIXED = {
    "main.py": """
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def chat(websocket: WebSocket, token: str = ""):
    if not token:
        await websocket.close(code=1008)
        return
    await websocket.accept()
    while True:
        text = await websocket.receive_text()
        if text == "quit":
            await websocket.close()
            break
        await websocket.send_text(text)


@app.websocket("/returned")
async def returned(websocket: WebSocket, token: str = ""):
    if not token:
        return await websocket.close(4401)
    try:
        if token == "old":
            return await websocket.close(4400)
    finally:
        print("checked")
    await websocket.accept()
    await websocket.send_text("welcome")


@app.websocket("/two")
async def two(websocket: WebSocket, other: WebSocket):
    await other.close()
    await websocket.accept()


@app.websocket("/either")
async def either(websocket: WebSocket, token: str = ""):
    await websocket.accept()
    if token:
        await websocket.send_text("welcome")
    else:
        await websocket.close()


async def is_allowed(websocket: WebSocket, token: str):
    if token != "secret":
        await websocket.close(code=1008)
        return False
    return True


async def end(websocket: WebSocket):
    await websocket.close()


@app.websocket("/checked")
async def checked(websocket: WebSocket, token: str, old: WebSocket):
    if not await is_allowed(websocket, token):
        return
    await end(old)
    await websocket.accept()
    await websocket.send_text("welcome")
    await end(websocket)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the closes after which the same run of the function, or the caller of a helper, uses the socket."""
    told: set[ast.Call] = set()
    for function in project.called_as("websocket endpoint"):
        calls = socket_calls(project, function)
        uses = [call for name, call in calls if name in USES and not is_suppressed(call)]
        for name, call in calls:
            if name == "close" and _goes_on(call, _on_same_socket(uses, call), function):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="error",
                    message=f"{function.qualname} goes on using the socket after close(); a return is missing",
                )
        for call in sockets_passed_on(project, function):
            helper = _helper(project, call, function)
            sockets = {item.id for item in call.args if isinstance(item, ast.Name)}
            later = [use for use in uses if isinstance(use.func, ast.Attribute) and mentions(use.func.value, sockets)]
            if helper is not None and _goes_on(call, later, function):
                for close in (item for item in _quiet_closes(project, helper) if item not in told):
                    told.add(close)
                    yield Sighting(
                        module=helper.module,
                        function=helper,
                        node=close,
                        severity="error",
                        message=f"{helper.qualname} closes the socket, and {function.qualname}, "
                        "which does not learn of it, goes on using it",
                    )


def _on_same_socket(uses: list[ast.Call], close: ast.Call) -> list[ast.Call]:
    socket = ast.unparse(getattr(close.func, "value", close.func))
    return [use for use in uses if ast.unparse(getattr(use.func, "value", use.func)) == socket]


def _helper(project: Project, call: ast.Call, function: Function) -> Function | None:
    """Return the function of the project that is waited for, and whose result nobody looks at."""
    value = project.value(call.func, function)
    called = value.function if isinstance(value, Bound) else value
    is_dropped = isinstance(around := parent(call), ast.Await) and isinstance(parent(around), ast.Expr)
    return called if is_dropped and isinstance(called, Function) else None


def _quiet_closes(project: Project, helper: Function) -> Iterator[ast.Call]:
    """Yield the closes after which a helper returns as if nothing had happened."""
    for name, call in socket_calls(project, helper):
        statement = parent(parent(call) or call)
        following = _following(statement, parent(statement) or helper.node) if statement is not None else []
        if name == "close" and not any(isinstance(item, ast.Raise) for item in following):
            yield call


def _goes_on(call: ast.Call, uses: list[ast.Call], function: Function) -> bool:
    inside: ast.AST = call
    around = parent(call)
    while around is not None:
        if isinstance(around, LEAVING):
            return False
        goes_on = _first_of(_following(inside, around), uses)
        if goes_on is not None:
            return goes_on
        if isinstance(around, (ast.While, ast.For, ast.ExceptHandler, ast.Try)):
            return False
        inside, around = around, parent(around)
    return bool(_first_of(_following(inside, function.node), uses))


def _following(inside: ast.AST, around: ast.AST) -> list[ast.stmt]:
    """Return the statements behind one in its block."""
    for block in (getattr(around, name, None) for name in ("body", "orelse", "finalbody")):
        if isinstance(block, list) and inside in block:
            return block[block.index(inside) + 1 :]
    return []


def _first_of(statements: list[ast.stmt], uses: list[ast.Call]) -> bool | None:
    """Return whether statements use the socket before they leave; None if they do neither."""
    for statement in statements:
        if isinstance(statement, LEAVING):
            return False
        if any(statement in ancestors(use) for use in uses):
            return True
    return None
