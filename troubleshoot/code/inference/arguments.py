"""What a call gives to which parameter of a function of the project."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.values import Bound, Value
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.syntax.nodes import last_name

AS_IT_IS = ("staticmethod", "classmethod", "contextmanager", "asynccontextmanager", "override", "cache")
"""Decorators that give a function what its caller gives."""


def skipped(called: Value, function: Function) -> int:
    """Return how many parameters are filled by what a method is called on."""
    if isinstance(called, Function) or function.is_static:
        return 0
    by_class = isinstance(called, Bound) and isinstance(called.to, Class)
    return 0 if by_class and not function.is_classmethod else 1


def arguments(called: Value, function: Function, node: ast.Call) -> dict[str, ast.expr]:
    """Return the arguments of a call by the names of the parameters."""
    params = function.params[skipped(called, function) :]
    positional = [param.name for param in params if param.kind == "positional"]
    spread = next((index for index, item in enumerate(node.args) if isinstance(item, ast.Starred)), len(node.args))
    given = dict(zip(positional, node.args[:spread], strict=False))
    return given | {item.arg: item.value for item in node.keywords if item.arg is not None}


def is_complete(node: ast.Call) -> bool:
    """Return whether a call says itself what is given."""
    return not any(isinstance(item, ast.Starred) for item in node.args) and all(item.arg for item in node.keywords)


def is_wrapped(function: Function) -> bool:
    """Return whether a decorator stands before a function, which may give it what the call does not."""
    return any(last_name(item) not in AS_IT_IS for item in function.node.decorator_list)
