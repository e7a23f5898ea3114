"""Which parts of a function do not run for what its caller gives: a literal, or a default that is left as it is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any, TypeVar

from troubleshoot.code.inference.values import Constant, Scope
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import LEAVING, Loop, ancestors, nesting, preceding

Node = TypeVar("Node", bound=ast.AST)
COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Is: lambda one, other: one is other,
    ast.IsNot: lambda one, other: one is not other,
    ast.Eq: lambda one, other: one == other,
    ast.NotEq: lambda one, other: one != other,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
}


def constant(node: ast.expr | None, scope: Scope) -> Constant | None:
    """Return the literal that an expression is, written out or as a parameter that always has it there."""
    if isinstance(node, ast.Name) and scope.function is not None and scope.bound:
        known = scope.bound.get(node.id)
        return known if isinstance(known, Constant) and _is_untouched(node, scope) else None
    return Constant.read(node)


def is_ruled_out(node: ast.AST, scope: Scope) -> bool:
    """Return whether a node does not run, because what the caller gives leads past it."""
    holds = _tester(scope)
    return holds is not None and _is_passed(node, scope, holds)


def running(nodes: Iterable[Node], scope: Scope) -> list[Node]:
    """Return the nodes that are not ruled out."""
    holds = _tester(scope)
    return list(nodes) if holds is None else [node for node in nodes if not _is_passed(node, scope, holds)]


def ends_at_once(loop: ast.For, scope: Scope) -> bool:
    """Return whether a loop always ends in its first round, for what the caller gives."""
    goes_on = any(isinstance(item, ast.Continue) for item in ast.walk(loop))
    return not goes_on and any(_breaks(item, _tester(scope)) for item in loop.body)


def _breaks(statement: ast.stmt, holds: Callable[[ast.expr], bool | None] | None) -> bool:
    if not isinstance(statement, ast.If):
        return isinstance(statement, (ast.Break, ast.Return))
    held = holds(statement.test) if holds is not None else None
    block = statement.body if held else statement.orelse if held is False else []
    return any(_breaks(item, holds) for item in block)


def _tester(scope: Scope) -> Callable[[ast.expr], bool | None] | None:
    """Return what tells whether a test in a function holds; None if what the caller gives decides no test there."""
    function = scope.function
    constants = scope.constants if scope.bound and function is not None else {}
    if function is None or function.tested.isdisjoint(constants):
        return None
    return cache(partial(_holds, constants=constants, function=function))


def _is_passed(node: ast.AST, scope: Scope, holds: Callable[[ast.expr], bool | None]) -> bool:
    """Return whether a node does not run, for what `holds` tells of the tests around it and before it."""
    assert scope.function is not None
    for around, inside in nesting(node):
        match around:
            case ast.If() | ast.IfExp() if inside is not around.test:
                block = around.body if isinstance(around.body, list) else [around.body]
                if holds(around.test) is (inside not in block):
                    return True
            case ast.While() if inside in around.body and holds(around.test) is False:
                return True
            case ast.BoolOp(op=operator, values=values) if inside in values:
                ends = isinstance(operator, ast.Or)
                if any(holds(value) is ends for value in values[: values.index(inside)]):
                    return True
            case ast.Match(subject=subject, cases=cases) if inside in cases:
                known = constant(subject, scope)
                if known is not None and _is_other_case(known, cases[: cases.index(inside) + 1]):
                    return True
    return any(_leaves(statement, holds) for statement in preceding(node, scope.function.body.statements))


def _leaves(statement: ast.stmt, holds: Callable[[ast.expr], bool | None]) -> bool:
    """Return whether what stands behind a statement is not come to."""
    if not isinstance(statement, ast.If):
        return False
    held = holds(statement.test)
    block = statement.body if held else statement.orelse if held is False else []
    return bool(block) and (isinstance(block[-1], LEAVING) or _leaves(block[-1], holds))


def _holds(test: ast.expr, constants: Mapping[str, Constant], function: Function) -> bool | None:
    """Return whether a test holds, or None if the constants do not tell."""
    holds = partial(_holds, constants=constants, function=function)
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            known = holds(operand)
            return None if known is None else not known
        case ast.BoolOp(op=operator, values=values):
            ends = isinstance(operator, ast.Or)
            several = [holds(item) for item in values]
            return ends if ends in several else None if None in several else not ends
        case ast.Compare(left=left, ops=[how], comparators=[right]) if type(how) in COMPARED:
            scope = Scope(function.module, function, constants)
            one = constant(left, scope)
            others = _several(right, scope) if isinstance(how, (ast.In, ast.NotIn)) else constant(right, scope)
            if one is None or others is None:
                return None
            other = others.value if isinstance(others, Constant) else [item.value for item in others]
            return COMPARED[type(how)](one.value, other)
        case ast.Name():
            known_as = constant(test, Scope(function.module, function, constants))
            return None if known_as is None else bool(known_as.value)
        case _:
            return None


def _several(node: ast.expr, scope: Scope) -> list[Constant] | None:
    """Return the literals of a list that is written out."""
    if not isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return None
    found = [constant(item, scope) for item in node.elts]
    known = [item for item in found if item is not None]
    return known if len(known) == len(found) else None


def _is_other_case(known: Constant, cases: list[ast.match_case]) -> bool:
    """Return whether the last of several cases is not the one for a literal."""
    *before, last = (_fits(known, case.pattern) for case in cases)
    sure = [fits and case.guard is None for fits, case in zip(before, cases, strict=False)]
    return last is False or True in sure


def _fits(known: Constant, pattern: ast.pattern) -> bool | None:
    match pattern:
        case ast.MatchValue(value=value):
            wanted = Constant.read(value)
            return None if wanted is None else known.value == wanted.value
        case ast.MatchSingleton(value=single):
            return known.value is single
        case ast.MatchOr(patterns=patterns):
            several = [_fits(known, item) for item in patterns]
            return True if True in several else None if None in several else False
        case ast.MatchAs(pattern=None):
            return True
        case _:
            return None


def _is_untouched(node: ast.Name, scope: Scope) -> bool:
    """Return whether a parameter still is what it was given where its name stands."""
    places = scope.function.rebound.get(node.id, []) if scope.function is not None else []
    if places and any(isinstance(item, Loop) for item in ancestors(node)):
        return False
    # What stands on earlier lines only is asked about, so that this comes to an end.
    return all(
        item.lineno > node.lineno or (item.lineno < node.lineno and is_ruled_out(item, scope)) for item in places
    )
