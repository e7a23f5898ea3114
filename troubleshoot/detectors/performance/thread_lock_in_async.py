"""A lock of threads that is held across an await."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import ancestors, short

LOCKS = ("threading.Lock()", "threading.RLock()", "threading.Semaphore()", "threading.Condition()")

BROKEN = {
    "main.py": """
import asyncio
import threading

from fastapi import FastAPI

app = FastAPI()
lock = threading.Lock()


@app.get("/slow")
async def slow():
    with lock:
        await asyncio.sleep(1)
    return "done"
"""
}
FIXED = {
    "main.py": """
import asyncio
import threading

from fastapi import FastAPI

app = FastAPI()
lock = asyncio.Lock()
counter_lock = threading.Lock()
count = 0


@app.get("/slow")
async def slow():
    async with lock:
        await asyncio.sleep(1)
    return "done"


@app.get("/count")
async def counted():
    global count
    with counter_lock:
        count += 1
    await asyncio.sleep(0)
    return count
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield `with lock:` around an await."""
    for reached in project.reach.on_loop():
        function = reached.function
        for statement in function.body.withs:
            if isinstance(statement, ast.AsyncWith):
                continue
            for item in statement.items:
                path = project.inference.path(item.context_expr, reached.scope)
                if path in LOCKS and any(statement in ancestors(node) for node in function.body.awaits):
                    yield Sighting(
                        module=function.module,
                        function=function,
                        node=item.context_expr,
                        severity="error",
                        message=f"{function.qualname} awaits while it holds the thread lock {short(item.context_expr)}",
                    )
