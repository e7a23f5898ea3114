"""A middleware that sends the answer on only when the application, and with it every background task, is done."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import mentions

BROKEN = {
    "main.py": """
from fastapi import FastAPI


class TimingMiddleware:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        messages = []

        async def collect(message):
            messages.append(message)

        await self.app(scope, receive, collect)
        for message in messages:
            await send(message)


app = FastAPI()
app.add_middleware(TimingMiddleware)
"""
}
FIXED = {
    "main.py": """
from fastapi import FastAPI


class TimingMiddleware:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def send_timed(message):
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-time", b"1"))
            await send(message)

        await self.app(scope, receive, send_timed)


class BufferingMiddleware:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        messages = []

        async def collect(message):
            messages.append(message)
            if not message.get("more_body"):
                for item in messages:
                    await send(item)

        await self.app(scope, receive, collect)


app = FastAPI()
app.add_middleware(TimingMiddleware)
app.add_middleware(BufferingMiddleware)
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls of the inner application whose messages are held until it returns."""
    for function in project.called_as("middleware"):
        if function.name != "__call__" or len(function.params) < 4:
            continue
        send = function.params[3].name
        for call in function.body.calls:
            given = call.args[2] if len(call.args) == 3 else None
            collecting = function.functions.get(given.id) if isinstance(given, ast.Name) else None
            if collecting is not None and not mentions(collecting.node, (send,)) and _sends_after(function, send, call):
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=call,
                    severity="info",
                    message=f"{function.qualname} holds the answer back until the background tasks are done",
                    nodes={"collecting": collecting.node},
                )


def _sends_after(function: Function, send: str, call: ast.Call) -> bool:
    return any(
        isinstance(item.func, ast.Name) and item.func.id == send and item.lineno > call.lineno
        for item in function.body.calls
    )
