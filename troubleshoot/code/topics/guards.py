"""Whether a function looks at a value before it uses it."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_name, last_name

CHECKS = re.compile(r"valid|safe|allow|check|verif|fullmatch|isidentifier|isalnum|isdigit|isdecimal", re.IGNORECASE)
LOOKUPS = re.compile(r"fetch|get|find|exists|scalar|first|one", re.IGNORECASE)


def is_checked(name: str, function: Function) -> bool:
    """Return whether a function stops unless `name` is one of a set, passes a check, or is found in the database."""
    guards = (node for node in ast.walk(function.node) if isinstance(node, ast.If))
    return any(
        isinstance(guard.body[-1], (ast.Raise, ast.Return))
        and any(_tells_about(part, name, function) for part in ast.walk(guard.test))
        for guard in guards
    )


def _tells_about(test: ast.AST, name: str, function: Function) -> bool:
    if isinstance(test, ast.Compare):
        return isinstance(test.ops[0], ast.NotIn) and is_name(test.left, name)
    if isinstance(test, ast.Call):
        return CHECKS.search(last_name(test.func)) is not None and _is_given(name, test)
    looked_up = function.body.assigned.get(test.id, ()) if isinstance(test, ast.Name) else ()
    calls = (value.value if isinstance(value, ast.Await) else value for value in looked_up)
    return any(
        isinstance(call, ast.Call) and LOOKUPS.search(last_name(call.func)) is not None and _is_given(name, call)
        for call in calls
    )


def _is_given(name: str, call: ast.Call) -> bool:
    """Return whether a call receives a parameter as it is, not as part of a text."""
    receiver = [call.func.value] if isinstance(call.func, ast.Attribute) else []
    given = [*receiver, *call.args, *(item.value for item in call.keywords)]
    return any(
        is_name(node, name) or (isinstance(node, ast.Dict) and any(is_name(v, name) for v in node.values))
        for node in given
    )
