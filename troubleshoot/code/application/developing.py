"""What runs only while somebody develops the application, and keeps no user waiting."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import last_name, nesting, text_of

DEVELOPING = re.compile(r"(?:is_)?(?:dev|debug|development|local)(?:_mode)?", re.IGNORECASE)
"""What a constant or a setting is called that is true while somebody develops the application."""


def serving(calls: list[ast.Call], function: Function) -> list[ast.Call]:
    """Return the calls of a function that are made where there are users, too."""
    tests = [test for test in function.body.tests if _is_for_developers(test)]
    return [call for call in calls if not _is_below(tests, call)] if tests else calls


def is_for_developers(node: ast.AST) -> bool:
    """Return whether something stands where it is done for developers only."""
    return any(
        isinstance(around, ast.If) and inside in around.body and _is_for_developers(around.test)
        for around, inside in nesting(node)
    )


def _is_for_developers(test: ast.expr) -> bool:
    """Return whether a test asks for nothing but a constant or a setting that no server of users has."""
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq) and isinstance(test.left, ast.Attribute):
        wanted = test.comparators[0]
        return DEVELOPING.fullmatch(text_of(wanted) or last_name(wanted)) is not None
    is_fixed = test.id.isupper() if isinstance(test, ast.Name) else isinstance(test, ast.Attribute)
    return is_fixed and DEVELOPING.fullmatch(last_name(test)) is not None


def _is_below(tests: list[ast.expr], call: ast.Call) -> bool:
    """Return whether a call is made only if one of `tests` holds."""
    return any(
        isinstance(around, ast.If) and around.test in tests and inside in around.body
        for around, inside in nesting(call)
    )
