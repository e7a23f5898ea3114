"""Endpoints that return a row as it was looked up, so that they return None where there is none."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.application.parts import Route
from troubleshoot.code.application.reach import function_of
from troubleshoot.code.inference.values import Bound, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import keyword, last_name
from troubleshoot.code.topics.queries import queries

ONE = frozenset(("first", "one_or_none", "scalar_one_or_none"))
"""Methods that give a row, or None."""
KEY = re.compile(r"\{(\w+)")
DEEPEST = 3
"""How many functions lie between an endpoint and its query, at most."""


def unfound(project: Project, route: Route) -> str:
    """Return the part of a path for which an endpoint looks up a row that it returns as it is; else nothing."""
    scope = Scope.of(route.function)
    value = _only_value(project, scope)
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call):
        return ""
    given = {item.id for item in ast.walk(call) if isinstance(item, ast.Name)}
    keys = (key for key in KEY.findall(route.path or "") if key in given and not _is_looked_at(project, route, key))
    return next((key for key in keys if _may_be_none(project, call, scope, 0)), "")


def _only_value(project: Project, scope: Scope) -> ast.expr | None:
    """Return what a function returns, if it asks nobody else in the project before, and has one way to its end."""
    assert scope.function is not None
    *before, last = scope.function.node.body
    value = last.value if isinstance(last, ast.Return) else None
    if isinstance(value, ast.Name):
        values = scope.function.body.assigned.get(value.id, [])
        value = values[0] if len(values) == 1 else None
    for item in before:
        if isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant):
            continue
        if not isinstance(item, (ast.Assign, ast.AnnAssign)):
            return None
        if item.value is not value and item.value is not None and _asks(project, item.value, scope):
            return None
    return value


def _asks(project: Project, value: ast.expr, scope: Scope) -> bool:
    """Return whether an expression calls a function of the project, which may refuse what is not there."""
    calls = [item for item in ast.walk(value) if isinstance(item, ast.Call)]
    return any(isinstance(project.value(item.func, scope), (Function, Bound)) for item in calls)


def _is_looked_at(project: Project, route: Route, key: str) -> bool:
    """Return whether something that a route depends on gets the part of its path, too, and may refuse it."""
    added = keyword(route.call, "dependencies")
    others = [item for item in ast.walk(added) if isinstance(item, ast.Call)] if added is not None else []
    used: list[object] = [use.value for use in project.dependencies_of(route.function)]
    used += [project.value(item.args[0], route.scope) for item in others if item.args]
    return any(isinstance(item, Function) and any(param.name == key for param in item.params) for item in used)


def _may_be_none(project: Project, value: ast.expr, scope: Scope, depth: int) -> bool:
    """Return whether an expression is the row that a query finds, or None."""
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call) or scope.function is None:
        return False
    name = last_name(call.func)
    for query in queries(project.inference, scope.function, scope):
        if name == "get" and query.call is call:
            return True
        if name in ONE and name in query.fetched and query.entity is not None:
            return True
    called = project.value(call.func, scope)
    function = function_of(called, project.inference)
    if called is None or function is None or depth == DEEPEST or function.is_generator:
        return False
    inside = Scope(function.module, function, project.inference.bindings(called, call, scope))
    returned = _only_value(project, inside)
    return returned is not None and _may_be_none(project, returned, inside, depth + 1)
