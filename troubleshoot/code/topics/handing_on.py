"""Whether an `except` hands on what it has caught, itself or through a function that it calls."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from troubleshoot.code.inference.values import Bound
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_name, nodes_in, parent

MOST_CALLS = 2
"""How many functions an exception is followed through, at most."""


def passes_on(project: Project, handler: ast.ExceptHandler, function: Function) -> bool:
    """Return whether an `except` may raise what it has caught, or answers with the status of it.

    So it does if it looks at the type, and if it raises or returns what a function makes of the exception that does so.
    """
    return _hands_on(project, nodes_in(handler.body), handler.name, function, 0)


def _hands_on(project: Project, nodes: Iterable[ast.AST], name: str | None, where: Function, depth: int) -> bool:
    for node in nodes:
        match node:
            case ast.Raise(exc=raised) if raised is None or is_name(raised, name):
                return True
            case ast.Return(value=returned) if depth and is_name(returned, name):
                return True
            case ast.Attribute(attr="status_code", value=holder) if is_name(holder, name):
                return True
            case ast.Match(subject=subject) if is_name(subject, name):
                return True
            case ast.Call() if _asks_for_type(node, name) or _is_given_away(project, node, name, where, depth):
                return True
    return False


def _asks_for_type(call: ast.Call, name: str | None) -> bool:
    if not (isinstance(call.func, ast.Name) and call.args and is_name(call.args[0], name)):
        return False
    is_named = isinstance(around := parent(call), ast.Attribute) and around.attr in ("__name__", "__qualname__")
    return call.func.id in ("isinstance", "getattr", "hasattr") or (call.func.id == "type" and not is_named)


def _is_given_away(project: Project, call: ast.Call, name: str | None, where: Function, depth: int) -> bool:
    """Return whether a call gives the exception to a function that hands it on, or may, as nobody knows it."""
    given = [*call.args, *(item.value for item in call.keywords)]
    index = next((index for index, node in enumerate(given) if is_name(node, name)), None)
    if index is None or depth >= MOST_CALLS:
        return False
    value = project.value(call.func, where)
    if value is None or (isinstance(value, str) and _is_foreign_function(value)):
        return isinstance(parent(call), (ast.Raise, ast.Return))
    called = value.function if isinstance(value, Bound) else value
    if not isinstance(called, Function):
        return False
    params = called.params[1:] if isinstance(value, Bound) and not called.is_static else called.params
    named = call.keywords[index - len(call.args)].arg if index >= len(call.args) else None
    param = named or (params[index].name if index < len(params) else None)
    return _hands_on(project, nodes_in(called.node.body), param, called, depth + 1)


def _is_foreign_function(path: str) -> bool:
    return path.rpartition(".")[2][:1].islower() and not path.startswith("builtins.")
