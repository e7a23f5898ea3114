"""What the statements of an `except` do besides answering."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from troubleshoot.code.syntax.nodes import nodes_in

TELLING = frozenset(("logging", "logger", "log", "print", "traceback", "warnings", "sentry_sdk", "capture_exception"))
"""Names in calls that only tell somebody of an exception."""


def only_tells(statement: ast.stmt) -> bool:
    """Return whether a statement is a call that logs or reports, and changes nothing."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    return bool(TELLING & {part.lower().strip("_") for part in ast.unparse(statement.value.func).split(".")})


def changes_something(statements: Sequence[ast.stmt]) -> bool:
    """Return whether statements do more than compute a text and tell of it, such as a rollback."""
    for node in nodes_in(statements):
        if isinstance(node, (ast.Await, ast.Delete)):
            return True
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
            return True
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and not only_tells(node):
            return True
    return False
