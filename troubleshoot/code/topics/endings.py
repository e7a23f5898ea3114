"""Functions that never come to their end, and what therefore never runs behind a call of them."""

from __future__ import annotations

import ast

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import LEAVING, preceding
from troubleshoot.code.topics.exceptions import called_function

MOST_CALLS = 3
"""How many functions lie between a call and the `raise` that it always leads to, at most."""


def is_never_reached(project: Project, node: ast.AST, function: Function) -> bool:
    """Return whether something stands behind a statement of its function that always leaves or always raises."""
    return any(_ends(project, item, function, 0) for item in preceding(node, function.body.statements))


def _ends(project: Project, statement: ast.stmt, function: Function, depth: int) -> bool:
    match statement:
        case ast.Expr(value=ast.Await(value=ast.Call() as call)):
            return _always_raises(project, call, function, depth, is_awaited=True)
        case ast.Expr(value=ast.Call() as call):
            return _always_raises(project, call, function, depth, is_awaited=False)
        case ast.If(body=body, orelse=[*_, last]):
            return _ends(project, body[-1], function, depth) and _ends(project, last, function, depth)
        case _:
            return isinstance(statement, LEAVING)


def _always_raises(project: Project, call: ast.Call, function: Function, depth: int, *, is_awaited: bool) -> bool:
    """Return whether a call runs a function of the project that can only leave with an exception.

    A method does not count: a class derived from its own may do otherwise.
    """
    called = called_function(project, call, function) if depth < MOST_CALLS else None
    if called is None or called.owner is not None or called.node.decorator_list:
        return False
    if called.is_async is not is_awaited or called.body.returns:
        return False
    return any(_ends(project, item, called, depth + 1) for item in called.body.statements)
