"""Something at module level that gets an entry with each request, and nothing that takes one out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.inference.values import Instance, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function, Module
from troubleshoot.code.syntax.nodes import LEAVING, is_name, keyword, nesting, preceding
from troubleshoot.model import Severity

ADDS = frozenset(("append", "add", "extend", "setdefault", "update", "insert"))
FEW = re.compile(r"(bool|type|typing\.Type|Type|Literal|typing\.Literal)\b")
"""Annotations of values of which there are few."""
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
from enum import Enum
from functools import lru_cache

from fastapi import FastAPI
from fastapi_cache.decorator import cache
from own import cache as own_cache

app = FastAPI()
recent = deque(maxlen=100)
sessions: dict[str, int] = {}
registry = []
counts = {}
known = set()
names = set()


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
"""
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what grows with every request."""
    looked = set()
    for reached in project.reach:
        if reached.function not in looked and reached.place != "startup":
            looked.add(reached.function)
            yield from _cached(project, reached.function)
            yield from _kept(project, reached)


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


def _kept(project: Project, reached: Reached) -> Iterator[Sighting]:
    function = reached.function
    for name, node in _grown(function):
        if _is_filled_once(name, node, function) or _has_few_keys(project, node, function):
            continue
        module = function.module
        if name in module.body.assigned and _is_container(module.body.assigned[name][-1]) and _only_grows(name, module):
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


def _is_filled_once(name: str, node: ast.expr, function: Function) -> bool:
    """Return whether a function adds to something only as long as that is empty."""
    tests = [around.test for around, inside in nesting(node) if isinstance(around, ast.If) and inside in around.body]
    if any(isinstance(test, ast.UnaryOp) and is_name(test.operand, name) for test in tests):
        return True
    return any(
        isinstance(item, ast.If) and is_name(item.test, name) and isinstance(item.body[-1], LEAVING)
        for item in preceding(node, function.node.body)
    )


def _has_few_keys(project: Project, node: ast.expr, function: Function) -> bool:
    """Return whether what is added has a key of which there are few: a type, a truth value, a member of an Enum."""
    key = (
        node.slice
        if isinstance(node, ast.Subscript)
        else node.args[0]
        if isinstance(node, ast.Call) and node.args
        else None
    )
    if isinstance(key, ast.Tuple):
        return all(_is_one_of_few(project, item, function) for item in key.elts)
    return key is not None and _is_one_of_few(project, key, function)


def _is_one_of_few(project: Project, key: ast.expr, function: Function) -> bool:
    if isinstance(key, ast.Call) and is_name(key.func, "type"):
        return True
    if isinstance(key, ast.Attribute) and key.attr in ("name", "value", "__class__", "__name__"):
        return key.attr.startswith("__") or _is_one_of_few(project, key.value, function)
    if isinstance(key, ast.Name) and key.id in function.body.looped:
        over = project.value(function.body.looped[key.id], function)
        return isinstance(over, Class) and _is_enum(project, over)
    param = next((item for item in function.params if is_name(key, item.name)), None)
    if param is None or param.annotation is None:
        value = project.value(key, function)
        return isinstance(value, Instance) and _is_enum(project, value.of)
    declared = project.inference.annotation(param.annotation, Scope(function.module, function.outer))
    if isinstance(declared, Instance):
        return _is_enum(project, declared.of)
    return FEW.match(ast.unparse(param.annotation)) is not None


def _is_enum(project: Project, cls: Class) -> bool:
    return any(
        project.inference.is_a(cls, f"enum.{name}") for name in ("Enum", "StrEnum", "IntEnum", "Flag", "IntFlag")
    )


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
