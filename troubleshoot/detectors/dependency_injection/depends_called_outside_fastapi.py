"""The project's own code calls a function and leaves out what only FastAPI would fill in."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from troubleshoot.code.inference.libraries import DEPENDS
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Param
from troubleshoot.code.syntax.nodes import argument, last_name, nesting, parent, short
from troubleshoot.code.topics.comparing import asks_type, compared_with
from troubleshoot.code.topics.parameters import FROM_REQUEST, injected, receiving
from troubleshoot.model import Severity

BROKEN = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI, Query

from services import Orders, SessionDep, count_items, get_db

app = FastAPI()


async def current_user(db: SessionDep) -> str:
    return "ann"


@app.get("/items/count")
def read_count() -> int:
    return count_items()


@app.get("/me")
async def read_me():
    return await current_user()


@app.get("/orders")
def read_orders():
    return Orders().all()


@app.get("/pages")
def read_pages(page: int = Query(1)):
    return page


@app.get("/first")
def read_first():
    return read_pages()
""",
    "services.py": """
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session


def get_db():
    with Session() as db:
        yield db


SessionDep = Annotated[Session, Depends(get_db)]


def count_items(db: Session = Depends(get_db)) -> int:
    return db.query("orders").count()


class Orders:
    def __init__(self, db: SessionDep):
        self.db = db

    def all(self):
        return []
""",
}
FIXED = {
    "main.py": """
from typing import Annotated

from fastapi import Depends, FastAPI, Query

from services import Orders, SessionDep, count_items, get_db

app = FastAPI()


async def current_user(db: SessionDep, token: str = "") -> str:
    return "ann"


@app.get("/items/count")
def read_count(db: SessionDep) -> int:
    return count_items(db)


@app.get("/me")
async def read_me(db: SessionDep):
    return await current_user(db=db)


@app.get("/orders")
def read_orders(orders: Annotated[Orders, Depends()], db: SessionDep, more=Depends(Orders)):
    return Orders(*[db]).all()


@app.get("/pages")
def read_pages(page: int = Query(1)):
    return page


@app.get("/first")
def read_first():
    return read_pages(page=1)


@app.get("/guarded")
def read_guarded(name: str, user=Depends(current_user), page: int = Query(1)):
    return name


def test_guarded():
    assert read_guarded("ann") == "ann"


def restricted(db=Depends(get_db)):
    def check():
        return count_items(db)

    return check()
""",
    "services.py": BROKEN["services.py"],
}


def detect(project: Project) -> Iterator[Sighting]:
    """Yield the calls that leave a dependency, or a `Query()` default, to nobody."""
    names = _names(project)
    for module in project.modules:
        yield from _all_checked(project, module.body.calls, Scope(module), names)
    for function in project.functions:
        yield from _all_checked(project, function.body.calls, Scope.of(function), names)


def _all_checked(
    project: Project, calls: Iterable[ast.Call], scope: Scope, names: frozenset[str]
) -> Iterator[Sighting]:
    for call in calls:
        if last_name(call.func) in names:
            yield from _checked(project, call, scope)


def _names(project: Project) -> frozenset[str]:
    """Return the names of the functions and classes that have such parameters."""
    found = set()
    for holder in (*(use.holder for use in project.dependencies), *(route.function for route in project.routes)):
        if holder is not None:
            found.add(holder.owner.name if holder.name == "__init__" and holder.owner else holder.name)
    return frozenset(found)


def _checked(project: Project, call: ast.Call, scope: Scope) -> Iterator[Sighting]:
    if any(isinstance(item, ast.Starred) for item in call.args):
        return
    if any(item.arg is None for item in call.keywords):
        return
    target = receiving(project, project.value(call.func, scope))
    if target is None or _is_injected_elsewhere(target[0]) or _is_in_depends(project, call, scope):
        return
    function, needed, defaults = left_out(project, call, scope)
    # What is never read does no harm, but without a default Python refuses the call.
    needed = [param for param in needed if param.default is None or _harms(project, function, param)]
    defaults = [param for param in defaults if _uses(function.node, param.name) and _matters(project, function, param)]
    if needed:
        what = _what(needed[0])
        severity = "error" if needed[0].default is None else _severity(function, needed[0].name, scope)
        yield _sighting(call, scope, what, needed[0].name, severity)
    elif defaults:
        first = defaults[0]
        what = f"the {short(first.default.func)} object" if isinstance(first.default, ast.Call) else ""
        yield _sighting(call, scope, what, first.name, _severity(function, first.name, scope))


def left_out(project: Project, call: ast.Call, scope: Scope) -> tuple[Function, list[Param], list[Param]]:
    """Return what a call runs, and its parameters without a value: those injected, and those from the request."""
    target = receiving(project, project.value(call.func, scope))
    assert target is not None
    function, params = target
    missing = _left_out(call, params)
    outside = Scope(function.module, function.outer)
    needed = [param for param in missing if param.name in injected(project, function)]
    defaults = [
        param
        for param in missing
        if isinstance(param.default, ast.Call) and project.path(param.default.func, outside) in FROM_REQUEST
    ]
    return function, needed, defaults


def _what(param: Param) -> str:
    """Return in words what a parameter is that FastAPI does not fill."""
    if param.default is None:
        return "nothing"
    return "a Depends object" if isinstance(param.default, ast.Call) else ast.unparse(param.default)


def _harms(project: Project, function: Function, param: Param) -> bool:
    """Return whether a function does not expect the default that a parameter has as its `Depends`, or beside it."""
    uses = _uses(function.node, param.name)
    if isinstance(param.default, ast.Call):
        return bool(uses) and not asks_type(project, function, param.name, DEPENDS)
    is_none = isinstance(param.default, ast.Constant) and param.default.value is None
    return is_none and any(isinstance(parent(use), ast.Attribute) for use in uses) and not any(map(_decides, uses))


def _matters(project: Project, function: Function, param: Param) -> bool:
    """Return whether a function does something else with a marker than it would with the default that stands in it.

    It does not if it asks of what type the parameter is, or compares it with what is not the default.
    """
    if asks_type(project, function, param.name):
        return False
    compared = compared_with(project, function, param.name)
    default = argument(param.default, 0, "default") if isinstance(param.default, ast.Call) else None
    known = {True, default.value if isinstance(default, ast.Constant) else None}
    return compared is None or bool(compared & known)


def _decides(use: ast.Name) -> bool:
    """Return whether it matters at a place whether a value is there: in a condition, or in front of an `or`."""
    for around, inside in nesting(use):
        match around:
            case ast.If() | ast.IfExp() | ast.While() | ast.Assert():
                return inside is around.test
            case ast.BoolOp() if inside is not around.values[-1]:
                return True
            case ast.stmt():
                return False
    return False


def _severity(function: Function, name: str, scope: Scope) -> Severity:
    """Return how bad a wrong value of a parameter is: used always, under a condition, or where a test would tell."""
    if scope.module.is_test:
        return "info"
    used = _uses(function.node, name)
    branches = [item for item in ast.walk(function.node) if isinstance(item, (ast.If, ast.IfExp))]
    under_condition = {
        id(use)
        for item in branches
        for part in ([item.body, item.orelse] if isinstance(item, ast.IfExp) else [*item.body, *item.orelse])
        for use in _uses(part, name)
    }
    return "error" if len(under_condition) < len(used) else "warning"


def _uses(node: ast.AST, name: str) -> list[ast.Name]:
    names = (item for item in ast.walk(node) if isinstance(item, ast.Name) and item.id == name)
    return [item for item in names if not isinstance(item.ctx, ast.Store)]


def _left_out(call: ast.Call, params: list[Param]) -> list[Param]:
    """Return the parameters that a call gives no value for."""
    positional = [param for param in params if param.kind == "positional"][: len(call.args)]
    given = {item.arg for item in call.keywords} | {param.name for param in positional}
    return [param for param in params if param.name not in given and param.kind in ("positional", "keyword")]


def _is_injected_elsewhere(function: Function) -> bool:
    """Return whether a decorator may fill the parameters, as those of dependency-injection libraries do."""
    return any("inject" in ast.unparse(item).lower() for item in function.node.decorator_list)


def _is_in_depends(project: Project, call: ast.Call, scope: Scope) -> bool:
    around = parent(call)
    return isinstance(around, ast.Call) and project.path(around.func, scope) in DEPENDS


def _sighting(call: ast.Call, scope: Scope, what: str, name: str, severity: Severity) -> Sighting:
    return Sighting(
        module=scope.module,
        function=scope.function,
        node=call,
        severity=severity,
        message=f"{ast.unparse(call.func)}() is called without {name}, so it gets {what} and not what FastAPI injects",
    )
