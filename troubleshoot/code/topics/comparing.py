"""Parameters that are only compared with constants, or asked what they are."""

from __future__ import annotations

import ast
from collections.abc import Collection

from troubleshoot.code.inference.arguments import arguments
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_call_of, is_name, parent

STEPS = 2
"""How many functions a parameter is handed on to, at most."""
ANY: frozenset[str] = frozenset()
EITHER = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)


def compared_with(project: Project, function: Function, name: str, steps: int = STEPS) -> set[object] | None:
    """Return the constants that a parameter is compared with, there and where it is handed on to.

    None if something else is done with it, so that it matters what it is; `True` if it is asked whether there is any.
    """
    uses = [item for item in ast.walk(function.node) if isinstance(item, ast.Name) and item.id == name]
    found: set[object] = set()
    for use in uses:
        constants = _compared(project, function, use, steps) if isinstance(use.ctx, ast.Load) else None
        if constants is None:
            return None
        found |= constants
    return found


def asks_type(project: Project, function: Function, name: str, kinds: Collection[str] = ANY) -> bool:
    """Return whether a function, or one that it gives a parameter to, asks if that is of one of `kinds`, or of any."""
    return _asks(project, function, name, kinds) or any(
        isinstance(called, Function) and _asks(project, called, theirs, kinds)
        for call in function.body.calls
        for called in [project.value(call.func, function)]
        for theirs, given in (arguments(called, called, call) if isinstance(called, Function) else {}).items()
        if is_name(given, name)
    )


def _asks(project: Project, function: Function, name: str, kinds: Collection[str]) -> bool:
    return any(
        is_call_of(call, ("isinstance",))
        and is_name(call.args[0], name)
        and (not kinds or any(project.path(kind, function) in kinds for kind in call.args[1:]))
        for call in function.body.calls
        if call.args
    )


def _compared(project: Project, function: Function, use: ast.Name, steps: int) -> set[object] | None:
    match parent(use):
        case ast.Compare(left=left, ops=[operator], comparators=[other]):
            other = left if other is use else other
            if isinstance(operator, EITHER) or (other is not left and isinstance(operator, (ast.In, ast.NotIn))):
                return _constants(other)
        case ast.If(test=test) | ast.IfExp(test=test) | ast.UnaryOp(op=ast.Not(), operand=test) if test is use:
            return {True}
        case ast.Match(subject=subject, cases=cases) if subject is use:
            given = [_pattern(case.pattern) for case in cases]
            return {item for one in given for item in one or ()} if None not in given else None
        case ast.Call(func=ast.Attribute(value=ast.Name(id=mapping), attr="get")):
            tables = function.body.assigned.get(mapping, [])
            return {True} if tables and all(isinstance(item, ast.Dict) for item in tables) else None
        case ast.Call() | ast.keyword() as given if steps:
            return _handed_on(project, function, use, given, steps)
    return None


def _constants(node: ast.expr) -> set[object] | None:
    nodes = node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else [node]
    values = [item.value for item in nodes if isinstance(item, ast.Constant)]
    return set(values) if len(values) == len(nodes) else None


def _pattern(pattern: ast.pattern) -> set[object] | None:
    """Return the constants that a `case` is for; none for one that takes all the rest."""
    match pattern:
        case ast.MatchValue(value=ast.Constant(value=value)):
            return {value}
        case ast.MatchOr(patterns=patterns):
            given = [_pattern(item) for item in patterns]
            return {item for one in given for item in one or ()} if None not in given else None
        case ast.MatchAs(pattern=None, name=None):
            return set()
        case _:
            return None


def _handed_on(
    project: Project, function: Function, use: ast.Name, given: ast.Call | ast.keyword, steps: int
) -> set[object] | None:
    """Return what a function of the project compares the parameter with that it gets `use` for."""
    call = given if isinstance(given, ast.Call) else parent(given)
    called = project.value(call.func, Scope.of(function)) if isinstance(call, ast.Call) else None
    receiver = project.inference.receiver(called) if called is not None else None
    if not isinstance(call, ast.Call) or called is None or receiver is None:
        return None
    names = [name for name, value in arguments(called, receiver, call).items() if value is use]
    return compared_with(project, receiver, names[0], steps - 1) if names else None
