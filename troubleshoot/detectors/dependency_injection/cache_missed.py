"""One request that runs the same dependency several times, because each `Depends` holds a new object."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.parts import DependencyUse, Route
from troubleshoot.code.inference.values import Bound
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import ancestors, is_name, keyword, last_name, nodes_in, parent, short

BROKEN = {
    "main.py": """
from typing import Annotated

from fastapi import APIRouter, Depends, Header

from users import Loader, checked_user, user_with

router = APIRouter()


def checked(user: Annotated[dict, Depends(user_with("staff"))]):
    return user


@router.get("/reports", dependencies=[Depends(user_with("staff"))])
async def read_reports(user: Annotated[dict, Depends(checked)]):
    return user


@router.get("/loaded")
async def read_loaded(one=Depends(Loader()), two=Depends(Loader())):
    return one


@router.get("/checked", dependencies=[Depends(checked_user("staff"))])
async def read_checked(user: Annotated[dict, Depends(checked_user("auditor"))]):
    return user
""",
    "users.py": """
from fastapi import Header, HTTPException


def checked_user(role):
    async def check(x_user: str = Header("")):
        user = await find(x_user, "")
        if user["role"] != role:
            raise HTTPException(403)
        return user

    return check


def user_with(role):
    async def load(x_user: str = Header("")):
        return await find(x_user, role)

    return load


async def find(name, role):
    return {"name": name, "role": role}


class Loader:
    async def __call__(self, x_user: str = Header("")):
        return await find(x_user, "")
""",
}
FIXED = {
    "main.py": """
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Query

router = APIRouter()


async def current_user(x_user: str = Header("")):
    return {"name": x_user}


def require(role):
    def check(user: Annotated[dict, Depends(current_user)]):
        if user.get("role") != role:
            raise HTTPException(403, f"this needs {role}")
        return user

    return check


def repository(kind):
    def make(user: Annotated[dict, Depends(current_user)]):
        return kind(user)

    return make


@router.get("/made")
async def read_made(one=Depends(repository(dict)), two=Depends(repository(list))):
    return one


def range_of(name, kind):
    async def read(value: str = Query("", alias=f"{name}_after")):
        return kind(await current_user(value))

    return read


@router.get("/between")
async def read_between(start=Depends(range_of("start", dict)), end=Depends(range_of("end", dict))):
    return start


@dataclass(frozen=True)
class Loader:
    name: str

    async def __call__(self):
        return await current_user(self.name)


Staff = Annotated[dict, Depends(require("staff"))]


@router.get("/reports", dependencies=[Depends(require("staff")), Depends(require("auditor"))])
async def read_reports(user: Staff, again: Staff, one=Depends(Loader("ann")), two=Depends(Loader("ann"))):
    return user


@router.get("/other", dependencies=[Depends(require("staff"))])
async def read_other(user: Annotated[dict, Depends(current_user)], again: Annotated[dict, Depends(current_user)]):
    return user
"""
}
CHEAP = frozenset(
    ("get", "lower", "upper", "split", "strip", "startswith", "endswith", "any", "all", "set", "len", "in")
)


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the second and further `Depends` of one route that make the same working dependency again."""
    by_call = {use.call: use for use in project.dependencies}
    told: set[ast.Call] = set()
    for route in project.routes:
        first: dict[tuple[Function | Class, str], ast.Call] = {}
        for use in dict.fromkeys(_tree(project, route, by_call)):
            made = use.given
            factory = _factory(project, made, use) if isinstance(made, ast.Call) else None
            if factory is None or not isinstance(made, ast.Call) or use.call in told:
                continue
            if first.setdefault((factory, _given(made, factory)), use.call) is use.call:
                continue
            told.add(use.call)
            yield Sighting(
                module=use.scope.module,
                function=use.holder or use.scope.function,
                node=use.call,
                severity="info",
                message=f"{short(made)} is a new object, so {route.function.name} runs {factory.name} once more",
                nodes={"factory": factory.node},
            )


def _tree(project: Project, route: Route, by_call: dict[ast.Call, DependencyUse]) -> Iterator[DependencyUse]:
    """Yield everything that a route depends on, at any depth."""
    listed = keyword(route.call, "dependencies")
    items = listed.elts if isinstance(listed, (ast.List, ast.Tuple)) else []
    queue = [by_call[item] for item in items if isinstance(item, ast.Call) and item in by_call]
    queue += project.dependencies_of(route.function)
    seen: set[ast.Call] = set()
    while queue:
        use = queue.pop(0)
        if use.call not in seen:
            seen.add(use.call)
            yield use
            function = use.value.function if isinstance(use.value, Bound) else use.value
            queue += project.dependencies_of(function) if isinstance(function, Function) else []


def _factory(project: Project, made: ast.Call, use: DependencyUse) -> Function | Class | None:
    """Return the function or class that makes a dependency which does work, a new one with each call."""
    value = project.value(made.func, use.scope)
    if isinstance(value, Function) and not value.node.decorator_list:
        names = [item.value.id for item in value.body.returns if isinstance(item.value, ast.Name)]
        inner = next((value.functions[name] for name in names if name in value.functions), None)
        return value if inner is not None and _works(inner) else None
    if isinstance(value, Class) and not value.node.decorator_list and "__eq__" not in value.methods:
        inner = value.methods.get("__call__")
        return value if inner is not None and _works(inner) else None
    return None


def _given(made: ast.Call, factory: Function | Class) -> str:
    """Return what makes one dependency another: all that a factory is given, but for texts that it only compares."""
    params = [param.name for param in factory.params] if isinstance(factory, Function) else []
    named = [*zip(params, made.args, strict=False), *((item.arg, item.value) for item in made.keywords)]
    compared = {
        id(node)
        for name, node in named
        if isinstance(node, ast.Constant) and isinstance(factory, Function) and _only_compares(factory, name)
    }
    given = (*made.args, *(item.value for item in made.keywords))
    return " ".join(ast.dump(item) for item in given if id(item) not in compared)


def _only_compares(factory: Function, name: str | None) -> bool:
    """Return whether what a factory makes uses a parameter of it in tests and refusals alone."""
    uses = [node for node in ast.walk(factory.node) if is_name(node, name)]
    inside = [node for inner in factory.functions.values() for node in nodes_in(inner.body.statements)]
    decides = {id(node) for item in inside if isinstance(item, (ast.Compare, ast.Raise)) for node in ast.walk(item)}
    return all(id(use) in decides for use in uses)


def _works(function: Function) -> bool:
    """Return whether a function does more than compare what it is given, or wrap it into an object."""
    if function.body.awaits:
        return True
    names = (
        last_name(call.func)
        for call in function.body.calls
        if not isinstance(parent(call), ast.Return) and not any(isinstance(item, ast.Raise) for item in ancestors(call))
    )
    return any(name not in CHEAP for name in names)
