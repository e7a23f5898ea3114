"""A signature of `*args, **kwargs` that FastAPI reads as query parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Bound, Scope, Value
from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import last_name, short
from troubleshoot.code.topics.overrides import overrides
from troubleshoot.code.topics.parameters import read_by_fastapi

BROKEN = {
    "main.py": """
from unittest.mock import Mock

from fastapi import Depends, FastAPI
from sqlalchemy.orm import sessionmaker

from decorators import limited, timed

app = FastAPI()
SessionLocal = sessionmaker()


@app.get("/timed")
@timed
async def read_timed(number: int):
    return number


@app.get("/limited")
@limited(5)
def read_limited(number: int):
    return number


@app.get("/own")
def read_own(**filters):
    return filters


class Service:
    def __init__(self, *args):
        self.args = args


def current_user():
    return "ann"


@app.get("/service")
def read_service(service: Service = Depends(), db=Depends(SessionLocal), user=Depends(current_user)):
    return user


app.dependency_overrides[current_user] = Mock(return_value="bob")
""",
    "decorators.py": """
def timed(function):
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    return wrapper


def limited(times):
    def decorate(function):
        def inner(*args, **kwargs):
            return function(*args, **kwargs)

        return inner

    return decorate
""",
}
FIXED = {
    "main.py": """
from unittest.mock import Mock

from fastapi import Depends, FastAPI

from decorators import limited, marked, shown, timed

app = FastAPI()


@app.get("/timed")
@timed
async def read_timed(number: int):
    return number


@app.get("/limited")
@limited(5)
@marked
@shown
def read_limited(number: int):
    return number


def with_signature(signature):
    def decorate(function):
        return signature

    return decorate


@with_signature("(number: int)")
def signed(*args, **kwargs):
    return args


@timed
def helper(*args, **kwargs):
    return args


def current_user():
    return "ann"


@timed
@app.get("/user")
def read_user(user=Depends(current_user), other=Depends(signed)):
    return helper(user)


app.dependency_overrides[current_user] = lambda: Mock()
""",
    "decorators.py": """
import functools
from functools import wraps


def timed(function):
    @wraps(function)
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    return wrapper


def limited(times):
    def decorate(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            return function(*args, **kwargs)

        return inner

    return decorate


def marked(function):
    function.marked = True
    return function


def shown(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return functools.update_wrapper(wrapper, function)
""",
}
FACTORIES = ("sqlalchemy.orm.sessionmaker()", "sqlalchemy.ext.asyncio.async_sessionmaker()")
MOCKS = ("Mock", "MagicMock", "AsyncMock")
KEEPS = ("wraps", "update_wrapper", "__signature__", "decorator", "WrapperAssignments", "wrapt")


def detect(project: Project) -> Iterator[Sighting]:
    """Yield what FastAPI is given with a signature that says nothing."""
    routes = {route.call for route in project.routes}
    for function in read_by_fastapi(project, "path operation", "dependency"):
        taken = next((param for param in function.params if param.kind in ("args", "kwargs")), None)
        if taken is not None and not _keeps_signature(function, routes):
            stars = "*" if taken.kind == "args" else "**"
            message = f"{stars}{taken.name} of {function.qualname} is a required query parameter to FastAPI"
            yield Sighting(
                module=function.module, function=function, node=_place(function), severity="error", message=message
            )
        for decorator in _inside_of_route(function, routes):
            wrapper = _wrapper(project, decorator, Scope(function.module, function.outer))
            if wrapper is not None:
                message = f"{short(decorator)} hides the parameters of {function.name}, it has no functools.wraps"
                yield Sighting(
                    module=function.module,
                    function=function,
                    node=decorator,
                    severity="error",
                    message=message,
                    nodes={"wrapper": wrapper.node},
                )
    yield from _handed(project)


def _handed(project: Project) -> Iterator[Sighting]:
    """Yield factories of sessions in `Depends`, and mocks that replace a dependency."""
    for use in project.depends:
        if use.value in FACTORIES:
            message = f"{short(use.call)} asks for the parameter local_kw of the sessionmaker"
            holder = use.holder or use.scope.function
            yield Sighting(module=use.scope.module, function=holder, node=use.call, severity="error", message=message)
    for override in overrides(project):
        if _is_mock(override.value) and project.path(override.value, override.scope).startswith("unittest.mock."):
            message = f"a mock replaces {short(override.key)}, so args and kwargs are query parameters"
            where = override.scope
            yield Sighting(
                module=where.module, function=where.function, node=override.node, severity="error", message=message
            )


def _is_mock(node: ast.expr) -> bool:
    """Return whether a mock is made that has nobody's signature."""
    if not isinstance(node, ast.Call) or any(item.arg in ("spec", "spec_set") for item in node.keywords):
        return False
    return last_name(node.func) in MOCKS


def _place(function: Function) -> ast.expr | ast.stmt:
    """Return the function's first line that is a decorator's, else its own."""
    return function.node.decorator_list[0] if function.node.decorator_list else function.node


def _keeps_signature(function: Function, routes: set[ast.Call]) -> bool:
    """Return whether a decorator, the code around or the class may give a function another signature."""
    if any(item not in routes for item in function.node.decorator_list):
        return True
    if function.outer is not None and _mentions_any(function):
        return True
    return function.owner is not None and "__signature__" in function.owner.body.assigned


def _mentions(node: ast.AST) -> bool:
    text = ast.unparse(node)
    return any(word in text for word in KEEPS)


def _inside_of_route(function: Function, routes: set[ast.Call]) -> list[ast.expr]:
    """Return the decorators that FastAPI sees the result of: those below the route's; of a dependency all."""
    decorators = function.node.decorator_list
    made = [index for index, item in enumerate(decorators) if item in routes]
    return decorators[max(made) + 1 :] if made else decorators


def _wrapper(project: Project, decorator: ast.expr, scope: Scope) -> Function | None:
    """Return the function that a decorator of the project puts in place of another, if that has no signature."""
    value = project.value(decorator.func if isinstance(decorator, ast.Call) else decorator, scope)
    made = _returned(value)
    if isinstance(decorator, ast.Call):
        made = _returned(made)
    if made is None or made.outer is None or _mentions_any(made):
        return None
    return made if any(param.kind in ("args", "kwargs") for param in made.params) else None


def _returned(value: Value | None) -> Function | None:
    """Return the function defined inside a function that it returns."""
    function = value.function if isinstance(value, Bound) else value
    if not isinstance(function, Function):
        return None
    names = [item.value.id for item in function.body.returns if isinstance(item.value, ast.Name)]
    return next((function.functions[name] for name in reversed(names) if name in function.functions), None)


def _mentions_any(wrapper: Function) -> bool:
    """Return whether the wrapper, or the code around it, gives it the signature of what it wraps."""
    assert wrapper.outer is not None
    outside = [*wrapper.outer.body.calls, *(target for target, _ in wrapper.outer.body.stored_attributes)]
    return any(_mentions(item) for item in (*wrapper.node.decorator_list, *outside))
