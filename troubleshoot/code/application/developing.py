"""What runs only while somebody develops the application, and keeps no user waiting."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import last_name, nesting

DEVELOPING = re.compile(r"(?:is_)?(?:dev|debug|development)(?:_mode)?", re.IGNORECASE)
"""What a constant or a setting is called that is true while somebody develops the application."""


def serving(calls: list[ast.Call], function: Function) -> list[ast.Call]:
    """Return the calls of a function that are made where there are users, too."""
    tests = [test for test in function.body.tests if _is_for_developers(test)]
    return [call for call in calls if not _is_below(tests, call)] if tests else calls


def _is_for_developers(test: ast.expr) -> bool:
    """Return whether a test asks for nothing but a constant or a setting that no server of users has."""
    is_fixed = test.id.isupper() if isinstance(test, ast.Name) else isinstance(test, ast.Attribute)
    return is_fixed and DEVELOPING.fullmatch(last_name(test)) is not None


def _is_below(tests: list[ast.expr], call: ast.Call) -> bool:
    """Return whether a call is made only if one of `tests` holds."""
    return any(
        isinstance(around, ast.If) and around.test in tests and inside in around.body
        for around, inside in nesting(call)
    )
