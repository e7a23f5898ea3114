"""Something at module level that gets an entry with each request, and nothing that takes one out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import argument, keyword, last_name, parent
from troubleshoot.model import Severity

ADDS = frozenset(("append", "add", "extend", "setdefault", "update", "insert"))
LOCKS = frozenset(("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event"))
REMOVES = (
    rb"(?:\b%(name)b\.(?:pop|popitem|popleft|remove|discard|clear)\b|\bdel %(name)b\[|\b%(name)b = |\b%(name)b\[:\])"
)

BROKEN = {
    "main.py": """
from functools import lru_cache

from fastapi import FastAPI

app = FastAPI()
history = []
seen: dict[str, int] = {}


class Reports:
    @lru_cache
    def build(self, name: str):
        return name * 1000


@app.get("/items/{name}")
def read(name: str):
    history.append(name)
    seen[name] = seen.get(name, 0) + 1
    return Reports().build(name)


@lru_cache(maxsize=None)
def render(text: str):
    return text


@app.get("/render")
def show(text: str):
    return render(text)
"""
}
FIXED = {
    "main.py": """
from collections import deque
from functools import lru_cache

from fastapi import FastAPI
from fastapi_cache.decorator import cache

app = FastAPI()
recent = deque(maxlen=100)
sessions: dict[str, int] = {}
registry = []


@lru_cache(maxsize=128)
def render(text: str):
    return text


@app.get("/report/{name}")
@cache(expire=60)
async def report(name: str):
    return name


@lru_cache
def settings():
    return {"a": 1}


@app.get("/items/{name}")
def read(name: str):
    recent.append(name)
    sessions[name] = 1
    return render(name)


@app.delete("/items/{name}")
def forget(name: str):
    sessions.pop(name, None)
    return settings()


def register(function):
    registry.append(function)
    return function
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what grows with every request."""
    looked = set()
    for reached in project.reach:
        if reached.function not in looked and reached.place != "startup":
            looked.add(reached.function)
            yield from _cached(reached.function)
            yield from _kept(reached)


def _cached(function: Function) -> Iterator[Sighting]:
    for node in function.node.decorator_list:
        name = last_name(node.func if isinstance(node, ast.Call) else node)
        if name not in ("cache", "lru_cache") or len(function.params) == 0:
            continue
        if name == "cache" and isinstance(node, ast.Call):
            continue  # functools.cache is never called; this is another library's, with a time to live
        size = keyword(node, "maxsize") if isinstance(node, ast.Call) else None
        boundless = name == "cache" or (isinstance(size, ast.Constant) and size.value is None)
        if function.owner is not None and len(function.params) > 0 and function.params[0].name == "self":
            message = f"{function.qualname} is cached by its object too, which is kept for ever"
            yield _sighting(function, node, "warning", message)
        elif boundless:
            yield _sighting(function, node, "info", f"{function.qualname} keeps the result of every call for ever")


def _kept(reached: Reached) -> Iterator[Sighting]:
    function = reached.function
    for name, node in _grown(function):
        module = function.module
        if name in module.body.assigned and _is_container(module.body.assigned[name][-1]) and _only_grows(name, module):
            message = f"{name} gets an entry whenever {function.qualname} runs, and nothing takes one out"
            yield replace(_sighting(function, node, "info", message), minor=_is_lock(node))


def _is_lock(node: ast.expr) -> bool:
    """Return whether what is kept for each key is a lock, which has to be the same for whoever waits for it."""
    around = parent(node)
    value = argument(node, 1, "default") if isinstance(node, ast.Call) else getattr(around, "value", None)
    return isinstance(value, ast.Call) and last_name(value.func) in LOCKS


def _grown(function: Function) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names to which something is added, each once."""
    own = {param.name for param in function.params} | set(function.body.assigned)
    told = set()
    for call in function.body.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in ADDS and isinstance(call.func.value, ast.Name):
            name = call.func.value.id
            if name not in own and name not in told:
                told.add(name)
                yield name, call
    for item in function.body.subscripts:
        if isinstance(item.ctx, ast.Store) and isinstance(item.value, ast.Name):
            name = item.value.id
            if name not in own and name not in told and not isinstance(item.slice, ast.Constant):
                told.add(name)
                yield name, item


def _is_container(node: ast.expr) -> bool:
    if isinstance(node, (ast.List, ast.Dict, ast.Set)):
        return not getattr(node, "elts", getattr(node, "keys", ()))
    called = node.func if isinstance(node, ast.Call) else None
    return getattr(called, "id", "") in ("list", "dict", "set", "defaultdict", "OrderedDict")


def _only_grows(name: str, module: Module) -> bool:
    pattern = REMOVES % {b"name": re.escape(name.encode())}
    return len(re.findall(pattern, module.data)) <= len(
        re.findall(rb"^%b = " % re.escape(name.encode()), module.data, re.M)
    )


def _sighting(function: Function, node: ast.expr, severity: Severity, message: str) -> Sighting:
    return Sighting(module=function.module, function=function, node=node, severity=severity, message=message)
