"""Something at module level that gets an entry with each request, and nothing that takes one out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, keyword, last_name, parent
from troubleshoot.code.topics.growth import has_few_keys, is_container, is_filled_once, shrinks, takes_out
from troubleshoot.model import Severity

ADDS = frozenset(("append", "add", "extend", "setdefault", "update", "insert"))
LOCKS = frozenset(("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event"))

BROKEN = {
    "main.py": """
from collections import defaultdict
from functools import lru_cache

from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware

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


class Limit(BaseHTTPMiddleware):
    def __init__(self, app):
        super().__init__(app)
        self.counts: dict[str, int] = defaultdict(int)

    async def dispatch(self, request, call_next):
        self.counts[request.client.host] = self.counts[request.client.host] + 1
        return await call_next(request)


app.add_middleware(Limit)
"""
}
FIXED = {
    "main.py": """
from collections import deque
from enum import Enum
from functools import lru_cache

from fastapi import FastAPI
from fastapi_cache.decorator import cache
from own import cache as own_cache
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()
recent = deque(maxlen=100)
sessions: dict[str, int] = {}
registry = []
counts = {}
known = set()
names = set()
shared: dict[str, int] = {}


@lru_cache(maxsize=128)
def render(text: str):
    return text


@app.get("/report/{name}")
@cache(expire=60)
async def report(name: str):
    return name


class Kind(str, Enum):
    small = "small"


@app.get("/seen/{kind}")
def see(kind: Kind, flag: bool, client=None):
    counts[kind] = counts.get(kind, 0) + 1
    counts[kind.value] = 1
    counts[flag, kind.name] = 1
    counts[type(client)] = 1
    known.add(kind)
    for one in Kind:
        counts[one] = 2
    return allowed()


def allowed():
    if not names:
        for name in open("names.txt"):
            names.add(name)
    return names


def loaded(name: str):
    if names:
        return names
    names.add(name)
    return names


@app.get("/loaded")
def read_loaded(name: str):
    return loaded(name)


@app.get("/own")
@own_cache
def own(name: str):
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


class Limit(BaseHTTPMiddleware):
    def __init__(self, app):
        super().__init__(app)
        self.counts = {}
        self.total = {}

    async def dispatch(self, request, call_next):
        host = request.client.host
        self.counts[host] = self.counts.get(host, 0) + 1
        self.total["all"] = len(self.counts)
        try:
            return await call_next(request)
        finally:
            del self.counts[host]


app.add_middleware(Limit)


@app.get("/open/{name}")
def open_shared(name: str):
    shared[name] = 1
""",
    "closing.py": """
from main import shared


def close_shared(name: str):
    shared.pop(name)
""",
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what grows with every request."""
    looked = set()
    for reached in project.reach:
        if reached.function not in looked and reached.place != "startup":
            looked.add(reached.function)
            yield from _cached(project, reached.function)
            yield from _kept(project, reached)
            yield from _kept_by_middleware(reached)


def _cached(project: Project, function: Function) -> Iterator[Sighting]:
    for node in function.node.decorator_list:
        path = project.path(node.func if isinstance(node, ast.Call) else node, Scope(function.module, function.outer))
        name = path.removeprefix("functools.")
        if name not in ("cache", "lru_cache") or len(function.params) == 0:
            continue
        size = keyword(node, "maxsize") if isinstance(node, ast.Call) else None
        boundless = name == "cache" or (isinstance(size, ast.Constant) and size.value is None)
        if function.owner is not None and len(function.params) > 0 and function.params[0].name == "self":
            message = f"{function.qualname} is cached by its object too, which is kept for ever"
            yield _sighting(function, node, "warning", message)
        elif boundless:
            yield _sighting(function, node, "info", f"{function.qualname} keeps the result of every call for ever")


def _kept_by_middleware(reached: Reached) -> Iterator[Sighting]:
    """Yield attributes of a middleware, of which there is one for all requests, that get a key for each client."""
    function = reached.function
    owner = function.owner if reached.role == "middleware" and function.name in ("dispatch", "__call__") else None
    told = set()
    for item in function.body.subscripts if owner is not None else ():
        name = (
            item.value.attr if isinstance(item.value, ast.Attribute) and last_name(item.value.value) == "self" else ""
        )
        made = owner.attributes.get(name) if owner is not None else None
        if not isinstance(item.ctx, ast.Store) or isinstance(item.slice, ast.Constant) or name in told or made is None:
            continue
        told.add(name)
        if is_container(made[0]) and not takes_out(name, function.module, whole=False):
            message = (
                f"self.{name} gets an entry for each new key that {function.qualname} meets, and none is taken out"
            )
            yield _sighting(function, item, "info", message)


def _kept(project: Project, reached: Reached) -> Iterator[Sighting]:
    function = reached.function
    for name, node in _grown(function):
        if is_filled_once(name, node, function) or has_few_keys(project, node, function):
            continue
        module = function.module
        if (
            name in module.body.assigned
            and is_container(module.body.assigned[name][-1])
            and not shrinks(project, name, module)
        ):
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


def _sighting(function: Function, node: ast.expr, severity: Severity, message: str) -> Sighting:
    return Sighting(module=function.module, function=function, node=node, severity=severity, message=message)
