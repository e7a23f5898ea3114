"""What a call may give: something that can itself be called, or only a value."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.values import Bound, Instance, Value
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Class, Function
from troubleshoot.code.topics.queries import CONNECTIONS

PLAIN = (ast.Constant, ast.Dict, ast.List, ast.Set, ast.Tuple, ast.JoinedStr, ast.Compare)
PLAIN_TYPES = ("None", "str", "int", "bool", "float", "dict", "list")


def may_make_callable(project: Project, function: Function) -> bool:
    """Return whether what a plain function returns could be called; where it is not understood, it could."""
    if function.node.returns is not None and ast.unparse(function.node.returns) in PLAIN_TYPES:
        return False
    given = [item.value for item in function.body.returns if item.value is not None]
    return any(not isinstance(item, PLAIN) and may_be_called(project, project.value(item, function)) for item in given)


def may_be_called(project: Project, value: Value | None) -> bool:
    """Return whether a value could be called; where it is not understood, it could."""
    if isinstance(value, Instance):
        unknown = len(project.inference.bases(value.of)) < len(value.of.node.bases)
        return unknown or project.inference.method(value.of, "__call__") is not None
    return (
        value is None
        or isinstance(value, (Function, Class, Bound))
        or (isinstance(value, str) and value not in CONNECTIONS)
    )
