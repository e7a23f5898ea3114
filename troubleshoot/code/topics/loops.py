"""Loops: those that compute and never wait, and the one that runs a call again and again."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from troubleshoot.code.application.reach import Reached
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import COMPREHENSIONS, Loop, ancestors, is_within, last_name, nesting, nodes_in
from troubleshoot.model import Severity

MANY = 100_000
"""Rounds of a loop that take a noticeable time."""

WRAPPERS = frozenset(("sorted", "list", "tuple", "set", "frozenset", "enumerate", "reversed", "zip", "iter", "dict"))
BATCH = re.compile(r"(?:^|_)(?:batch|chunk|segment|page|slice|window|partition|shard)(?:e?s)?(?:$|_)")
ON_PURPOSE = re.compile(
    r"on purpose|deliberate|intentional|by design|\b(?:serial|sequential)ly\b|\bone (?:at a time|by one)\b",
    re.IGNORECASE,
)
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


@dataclass(frozen=True, slots=True)
class Repeated:
    """A loop: its node, what it goes through, and the names of an element."""

    node: ast.AST
    over: ast.expr
    names: frozenset[str]


def loop_around(call: ast.Call) -> Repeated | None:
    """Return the loop that runs a call again and again, unless it goes over a few constants, or over batches."""
    for around, inside in nesting(call):
        found: Repeated | None = None
        if isinstance(around, (ast.For, ast.AsyncFor)) and inside not in (around.iter, around.target):
            found = Repeated(around, around.iter, _names(around.target))
        elif isinstance(around, COMPREHENSIONS):
            first = around.generators[0]
            if not (inside is first and is_within(call, first.iter)):
                names = frozenset(name for item in around.generators for name in _names(item.target))
                found = Repeated(around, first.iter, names)
        if found is not None and not _is_short(found):
            return found
    return None


def is_search(loop: Repeated) -> bool:
    """Return whether a loop ends as soon as it has found something, so that it may have few rounds."""
    body = loop.node.body if isinstance(loop.node, (ast.For, ast.AsyncFor)) else []
    return any(_ends(item, loop) for item in nodes_in(body) if isinstance(item, (ast.Return, ast.Break)))


def is_on_purpose(loop: Repeated, module: Module) -> bool:
    """Return whether a comment above a loop says that it is meant to take one element after the other."""
    first = loop.node.lineno if isinstance(loop.node, (ast.For, ast.AsyncFor)) else 0
    return any(ON_PURPOSE.search(comment) for comment in module.comments_above(first))


def is_for_an_error(node: ast.AST) -> bool:
    """Return whether what comes of a node ends in an exception: the statements that it is among end with `raise`."""
    blocks = (around.body for around, inside in nesting(node) if isinstance(around, ast.If) and inside in around.body)
    return any(isinstance(block[-1], ast.Raise) for block in blocks)


def _ends(statement: ast.Return | ast.Break, loop: Repeated) -> bool:
    """Return whether a statement ends a loop under a condition."""
    between = list(takewhile(lambda around: around is not loop.node, ancestors(statement)))
    if isinstance(statement, ast.Break) and any(isinstance(item, Loop) for item in between):
        return False
    return any(isinstance(item, ast.If) for item in between)


def _names(target: ast.expr) -> frozenset[str]:
    return frozenset(item.id for item in ast.walk(target) if isinstance(item, ast.Name))


def _is_short(loop: Repeated) -> bool:
    """Return whether a loop goes over a literal or constants, over pages or attempts, or over batches."""
    over = unwrapped(loop.over)
    if isinstance(over, (ast.Name, ast.Attribute)) and last_name(over).isupper():
        return True
    if isinstance(over, (ast.Tuple, ast.List, ast.Set, ast.Dict)) or last_name(getattr(over, "func", None)) == "range":
        return True
    made = last_name(over.func) if isinstance(over, ast.Call) else last_name(over)
    return any(BATCH.search(name) for name in (*loop.names, made))


def unwrapped(over: ast.expr) -> ast.expr:
    """Return what `sorted(…)`, `list(…)`, `await …`, `… or []` and the like go through."""
    while True:
        if isinstance(over, ast.Call) and getattr(over.func, "id", "") in WRAPPERS and over.args:
            over = over.args[0]
        elif isinstance(over, ast.BoolOp):
            over = over.values[0]
        elif isinstance(over, ast.Await) or (isinstance(over, ast.Subscript) and isinstance(over.slice, ast.Slice)):
            over = over.value
        else:
            return over
