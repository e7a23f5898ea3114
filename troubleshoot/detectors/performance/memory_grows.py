"""Something at module level that gets an entry with each request, and nothing that takes one out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import keyword, last_name
from troubleshoot.model import Severity

ADDS = frozenset(("append", "add", "extend", "setdefault", "update", "insert"))
REMOVES = rb"\b%(name)b\.(?:pop|popitem|popleft|remove|discard|clear)\b|\bdel (?:\w+\.)*%(name)b\[|\b%(name)b\[:\]"

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
from functools import lru_cache

from fastapi import FastAPI
from fastapi_cache.decorator import cache
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()
recent = deque(maxlen=100)
sessions: dict[str, int] = {}
registry = []
shared: dict[str, int] = {}


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
            yield from _cached(reached.function)
            yield from _kept(project, reached)
            yield from _kept_by_middleware(reached)


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
        if _is_container(made[0]) and not _takes_out(name, function.module, whole=False):
            message = (
                f"self.{name} gets an entry for each new key that {function.qualname} meets, and none is taken out"
            )
            yield _sighting(function, item, "info", message)


def _kept(project: Project, reached: Reached) -> Iterator[Sighting]:
    function = reached.function
    for name, node in _grown(function):
        module = function.module
        if (
            name in module.body.assigned
            and _is_container(module.body.assigned[name][-1])
            and not _shrinks(project, name, module)
        ):
            message = f"{name} gets an entry whenever {function.qualname} runs, and nothing takes one out"
            yield _sighting(function, node, "info", message)


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


def _shrinks(project: Project, name: str, module: Module) -> bool:
    """Return whether something is taken out of a variable of a module, there or where it is imported."""
    if _takes_out(name, module, whole=True):
        return True
    others = (item for item in project.files.modules(name) if item is not module and name in item.imports)
    return any(_takes_out(name, item, whole=False) for item in others)


def _takes_out(name: str, module: Module, *, whole: bool) -> bool:
    """Return whether a module takes something out of what it calls `name`, or, if `whole`, makes it anew."""
    word = {b"name": re.escape(name.encode())}
    if re.search(REMOVES % word, module.data):
        return True
    anew = re.findall(rb"\b%(name)b = " % word, module.data)
    return whole and len(anew) > len(re.findall(rb"^%(name)b = " % word, module.data, re.MULTILINE))


def _sighting(function: Function, node: ast.expr, severity: Severity, message: str) -> Sighting:
    return Sighting(module=function.module, function=function, node=node, severity=severity, message=message)
