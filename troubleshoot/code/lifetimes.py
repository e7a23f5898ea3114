"""Whether what a function makes outlives the call."""

from __future__ import annotations

import ast

from troubleshoot.code.syntax import Function, ancestors, parent

CACHES = frozenset(
    ("cache", "lru_cache", "cached", "alru_cache", "singleton", "cached_property", "on_event", "fixture")
)
ONCE = frozenset(("cache", "lru_cache", "singleton"))


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


def runs_once(call: ast.Call, called: Function, function: Function) -> bool:
    """Return whether `function` makes a call to `called` once in a process, not each time it runs itself.

    What is called is cached and has no arguments, or the call stands below `if x is None:`, which sets x, a variable
    of the module or of the class.
    """
    if not called.params and any(_name(item) in ONCE for item in called.node.decorator_list):
        return True
    inside: ast.AST = call
    for around in ancestors(call):
        if isinstance(around, ast.If) and inside in around.body and (kept := _missing(around.test)) is not None:
            name = ast.unparse(kept)
            shared = name in function.body.globals or name.startswith("cls.")
            return shared and any(
                ast.unparse(target) == name
                for statement in around.body
                for item in ast.walk(statement)
                if isinstance(item, ast.Assign)
                for target in item.targets
            )
        inside = around
    return False


def _missing(test: ast.expr) -> ast.expr | None:
    """Return x of `x is None` or `not x`."""
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is):
        return test.left
    return test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else None


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
