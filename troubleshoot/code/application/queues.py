"""Queues of threads: a place is waited for only where there are few, an element only where there may be none."""

from __future__ import annotations

import ast

from troubleshoot.code.application.origins import origin_of
from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.values import Instance, Scope
from troubleshoot.code.syntax.nodes import argument, nesting

PUTS = frozenset(("queue.Queue().put",))
QUEUES = PUTS | {"queue.Queue().get", "queue.SimpleQueue().get", "multiprocessing.Queue().get"}
"""Calls of queues that wait for another thread, or another process."""


def waits_for_nobody(call: ast.Call, called: str, scope: Scope, inference: Inference) -> bool:
    """Return whether a call of a queue that may wait goes on at once: there is always room, or it asked before."""
    if not isinstance(call.func, ast.Attribute):
        return False
    queue = call.func.value
    if called in PUTS:
        return not any(_has_few_places(item) for item in _made(queue, scope, inference))
    return any(
        isinstance(around, (ast.If, ast.While)) and inside in around.body and _is_asked(queue, around.test)
        for around, inside in nesting(call)
    )


def _has_few_places(made: ast.expr) -> bool:
    """Return whether a queue may be full: it has a size. Few have, so one that is not known is none of them."""
    size = argument(made, 0, "maxsize") if isinstance(made, ast.Call) else None
    return size is not None and not (isinstance(size, ast.Constant) and size.value == 0)


def _is_asked(queue: ast.expr, test: ast.expr) -> bool:
    """Return whether a condition is that a queue is not empty."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Attribute(value=asked, attr="empty"))):
            return ast.dump(asked) == ast.dump(queue)
        case _:
            return False


def _made(queue: ast.expr, scope: Scope, inference: Inference) -> list[ast.expr]:
    """Return the expressions that a queue comes from; nothing where that cannot be told."""
    match queue:
        case ast.Subscript(value=holder):
            held = _made(holder, scope, inference)
            return [item for made in held if isinstance(made, ast.Dict) for item in made.values]
        case ast.Attribute(value=holder, attr=name) if isinstance(of := inference.value(holder, scope), Instance):
            return [of.of.attributes[name][0]] if name in of.of.attributes else []
        case ast.Name(id=name) if scope.function is not None and name in scope.function.body.assigned:
            return scope.function.body.assigned[name]
        case _:
            origin = origin_of(inference, queue, scope)
            module = inference.files.module(origin[0]) if origin is not None else None
            return module.body.assigned.get(origin[1], []) if origin is not None and module is not None else []
