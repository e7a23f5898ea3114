"""Whether what a function makes outlives the call."""

from __future__ import annotations

import ast

from troubleshoot.code.syntax import Function, ancestors, parent

CACHES = frozenset(
    ("cache", "lru_cache", "cached", "alru_cache", "singleton", "cached_property", "on_event", "fixture")
)


def is_kept(call: ast.Call, function: Function) -> bool:
    """Return whether what `call` makes is made once: cached, or put where the next call finds it."""
    if any(_name(item) in CACHES for item in function.node.decorator_list):
        return True
    if function.owner is not None and function.name in ("__init__", "__new__", "__post_init__"):
        return True
    around: ast.AST | None = call
    while around is not None and not isinstance(around, ast.stmt):
        around = parent(around)
    if isinstance(around, ast.Assign):
        return any(_outlives(target, function) for target in around.targets) or _is_guarded(around)
    return isinstance(around, ast.AnnAssign) and _outlives(around.target, function)


def _name(node: ast.expr) -> str:
    called = node.func if isinstance(node, ast.Call) else node
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _outlives(target: ast.expr, function: Function) -> bool:
    """Return whether a target belongs to the module, an object or a mapping that was there before."""
    if isinstance(target, ast.Name):
        return target.id in function.body.globals
    return isinstance(target, (ast.Attribute, ast.Subscript))


def _is_guarded(statement: ast.stmt) -> bool:
    """Return whether a statement runs only `if x is None` or `if x not in y`."""
    for around in ancestors(statement):
        if isinstance(around, ast.If) and isinstance(around.test, ast.Compare):
            return isinstance(around.test.ops[0], (ast.Is, ast.NotIn))
    return False
