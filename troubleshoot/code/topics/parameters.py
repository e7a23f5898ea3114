"""What FastAPI reads in a function's parameters: dependencies, and where values of the request come from."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.libraries import DEPENDS, PROVIDE
from troubleshoot.code.inference.values import Bound, Scope, Value
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function, Param
from troubleshoot.model import Role

FROM_REQUEST = frozenset(f"fastapi.{name}" for name in ("Query", "Header", "Cookie", "Path", "Body", "Form", "File"))
OF_STARLETTE = frozenset(("add_route", "route", "add_websocket_route", "websocket_route"))
Marker = tuple[ast.Call, Scope]
"""A call such as `Depends(…)` or `Query(…)`, and where it is read."""


def read_by_fastapi(project: Project, *roles: Role) -> Iterator[Function]:
    """Yield the functions called as `roles` whose parameters FastAPI reads; Starlette's routes just get the request."""
    plain = {route.function for route in project.routes if getattr(route.call.func, "attr", "") in OF_STARLETTE}
    made = _made_by_containers(project)
    return (function for function in project.called_as(*roles) if function not in plain and function not in made)


def _made_by_containers(project: Project) -> set[Function]:
    """Return the functions and constructors that stand in a `Depends` only as what a container is asked for."""
    provided: dict[bool, set[Function]] = {True: set(), False: {route.function for route in project.routes}}
    for use in project.depends:
        target = receiving(project, use.value)
        is_provided = isinstance(use.given, ast.Subscript) and project.path(use.given.value, use.scope) in PROVIDE
        if target is not None:
            provided[is_provided].add(target[0])
    return provided[True] - provided[False]


def annotated(project: Project, function: Function, param: Param) -> list[Marker]:
    """Return the calls behind the type in `Annotated[type, …]`, written at the parameter or behind an alias."""
    scope = Scope(function.module, function.outer)
    node: ast.expr | None = param.annotation
    if isinstance(node, ast.Name):
        alias = project.inference.alias(node.id, scope)
        node, scope = alias if alias is not None else (None, scope)
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple):
        return []
    return [(item, scope) for item in node.slice.elts[1:] if isinstance(item, ast.Call)]


def marker(project: Project, function: Function, param: Param, kinds: frozenset[str]) -> Marker | None:
    """Return the call of one of `kinds` that a parameter has as its default, or in `Annotated`."""
    scope = Scope(function.module, function.outer)
    own = [(param.default, scope)] if isinstance(param.default, ast.Call) else []
    for node, where in (*own, *annotated(project, function, param)):
        if project.path(node.func, where) in kinds:
            return node, where
    return None


def injected(project: Project, function: Function) -> dict[str, Marker]:
    """Return the parameters that FastAPI fills from a dependency, with their `Depends(…)`."""
    if function not in project.injected:
        markers = ((param.name, marker(project, function, param, frozenset(DEPENDS))) for param in function.params)
        project.injected[function] = {name: depends for name, depends in markers if depends is not None}
    return project.injected[function]


def receiving(project: Project, value: Value | None) -> tuple[Function, list[Param]] | None:
    """Return the function that a call of `value` runs, and the parameters that the call's arguments fill."""
    if isinstance(value, Class):
        init = project.inference.method(value, "__init__")
        return (init, init.params[1:]) if isinstance(init, Function) else None
    if isinstance(value, Bound):
        function = value.function
        decorators = {item.id for item in function.node.decorator_list if isinstance(item, ast.Name)}
        bare = "staticmethod" in decorators or (isinstance(value.to, Class) and "classmethod" not in decorators)
        return function, function.params if bare else function.params[1:]
    return (value, value.params) if isinstance(value, Function) else None
