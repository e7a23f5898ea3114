"""Loops: those that compute and never wait, and the one that runs a call again and again."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import COMPREHENSIONS, ancestors, is_within, nesting, nodes_in
from troubleshoot.model import Severity

MANY = 100_000
"""Rounds of a loop that take a noticeable time."""

ARITHMETIC = frozenset(
    ("abs", "all", "any", "divmod", "float", "int", "len", "max", "min", "pow", "range", "round", "sum")
)


def busy_loops(reached: Reached) -> Iterator[tuple[ast.For | ast.While, Severity]]:
    """Yield the arithmetic loops of a function without an await inside; a warning if they are known to be long."""
    function = reached.function
    for loop in function.body.loops:
        nested = any(isinstance(around, (ast.For, ast.While)) for around in ancestors(loop))
        if nested or isinstance(loop, ast.AsyncFor):
            continue
        if any(loop in ancestors(node) for node in function.body.awaits) or not _computes(loop):
            continue
        rounds = _rounds(loop, function)
        if rounds is None or rounds >= MANY:
            yield loop, "info" if rounds is None else "warning"


def _rounds(loop: ast.For | ast.While, function: Function) -> int | None:
    """Return how often a loop runs; None if only the caller knows, 0 for a loop over something else than numbers."""
    if isinstance(loop, ast.While):
        return None if isinstance(loop.test, ast.Compare) else 0
    call = loop.iter
    if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") == "range" and call.args):
        return 0
    end = call.args[1] if len(call.args) > 1 else call.args[0]
    try:
        return int(ast.literal_eval(end))
    except (ValueError, TypeError):
        pass
    if isinstance(end, ast.BinOp) and isinstance(end.op, ast.Pow):
        return MANY
    named = isinstance(end, ast.Name) and any(param.name == end.id for param in function.params)
    return None if named else 0


def _computes(loop: ast.For | ast.While) -> bool:
    """Return whether all that a loop does is arithmetic."""
    nodes = list(nodes_in(loop.body))
    calls = [item for item in nodes if isinstance(item, ast.Call)]
    harmless = all(getattr(item.func, "id", "") in ARITHMETIC or _is_math(item.func) for item in calls)
    return harmless and any(isinstance(item, (ast.BinOp, ast.AugAssign)) for item in nodes)


def _is_math(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "math"


def loop_around(call: ast.Call, function: Function) -> ast.AST | None:
    """Return the loop that runs a call again and again, unless it goes over a few constants."""
    for around, inside in nesting(call):
        if isinstance(around, (ast.For, ast.AsyncFor)) and inside not in (around.iter, around.target):
            return None if _is_short(around.iter, function) else around
        if isinstance(around, COMPREHENSIONS):
            first = around.generators[0]
            is_once = (inside is first and is_within(call, first.iter)) or _is_short(first.iter, function)
            return None if is_once else around
    return None


def _is_short(node: ast.expr, function: Function) -> bool:
    """Return whether a loop goes over a literal, also one at the top of the module, or over pages or attempts."""
    if isinstance(node, ast.Name) and node.id.isupper():
        assigned = function.module.body.assigned.get(node.id, ())
        return any(_is_short(item, function) for item in assigned)
    if isinstance(node, (ast.Tuple, ast.List, ast.Set, ast.Dict)):
        return True
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range"
