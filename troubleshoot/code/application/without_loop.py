"""Whether code runs only where no event loop does, because it has asked."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.values import Bound, Scope
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import LEAVING, nesting, nodes_in, preceding

ASKS = ("asyncio.get_running_loop", "asyncio.get_event_loop", "asyncio._get_running_loop")
"""Calls that give the running loop, and fail or give none where none runs."""
FURTHEST = 3
"""How many helpers and names lie between a test and the question, at most."""


def runs_without_loop(call: ast.Call, scope: Scope, inference: Inference) -> bool:
    """Return whether a call is made only after its function has learnt that no event loop runs.

    It stands in the `except` of a `try` that asks for the running loop, in the branch of an `if` which says that there
    is none, or behind one that leaves where there is one.
    """
    if scope.function is None:
        return False
    asking = _Asking(inference, scope)
    for around, inside in nesting(call):
        if isinstance(around, ast.Try) and inside in around.handlers and asking.is_asked_in(around.body):
            return True
        if isinstance(around, (ast.If, ast.IfExp)) and asking.rules_out_loop(around, inside):
            return True
    return any(asking.leaves_with_loop(item) for item in preceding(call, scope.function.node.body))


class _Asking:
    """What the tests of one function say about the running loop."""

    def __init__(self, inference: Inference, scope: Scope) -> None:
        self.inference = inference
        self.scope = scope

    def is_asked_in(self, statements: list[ast.stmt]) -> bool:
        """Return whether statements ask for the running loop."""
        return any(isinstance(item, ast.Call) and self._asks(item) for item in nodes_in(statements))

    def rules_out_loop(self, around: ast.If | ast.IfExp, inside: ast.AST) -> bool:
        """Return whether the part of an `if` that `inside` stands in runs only without a loop."""
        if inside is around.test:
            return False
        body = around.body if isinstance(around.body, list) else [around.body]
        return self._is_without(around.test) is (inside in body)

    def leaves_with_loop(self, statement: ast.stmt) -> bool:
        """Return whether a statement leaves the function where a loop runs."""
        if isinstance(statement, ast.If):
            without = self._is_without(statement.test)
            branch = statement.body if without is False else statement.orelse if without else []
            return bool(branch) and isinstance(branch[-1], LEAVING)
        if isinstance(statement, ast.Try) and self.is_asked_in(statement.body):
            return isinstance((statement.orelse or statement.body)[-1], LEAVING)
        return False

    def _is_without(self, test: ast.expr) -> bool | None:
        """Return whether a test that holds means that no loop runs: False if one does, None if it tells nothing."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                known = self._is_without(operand)
                return None if known is None else not known
            case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot() as how], comparators=[ast.Constant(value=None)]):
                return isinstance(how, ast.Is) if self._tells(left) else None
            case ast.BoolOp(op=operator, values=values):
                known_of = [self._is_without(item) for item in values]
                if all(item is known_of[0] for item in known_of):
                    return known_of[0]
                return True if isinstance(operator, ast.And) and True in known_of else None
            case _:
                return False if self._tells(test) else None

    def _tells(self, node: ast.expr, depth: int = 0) -> bool:
        """Return whether something is the running loop, whether it runs, or a helper's word for either."""
        if depth > FURTHEST:
            return False
        match node:
            case ast.Call(func=ast.Attribute(attr="is_running", value=loop)):
                return self._tells(loop, depth + 1)
            case ast.Call():
                return self._asks(node) or self._is_helper(node)
            case ast.Name(id=name) if self.scope.function is not None:
                values = self.scope.function.body.assigned.get(name, ())
                return any(self._tells(value, depth + 1) for value in values)
            case _:
                return False

    def _asks(self, call: ast.Call) -> bool:
        return self.inference.path(call.func, self.scope) in ASKS

    def _is_helper(self, call: ast.Call) -> bool:
        """Return whether a function of the project asks, and answers where none runs instead of failing."""
        called = self.inference.value(call.func, self.scope)
        function = called.function if isinstance(called, Bound) else called
        if not isinstance(function, Function) or function.is_async or call.args:
            return False
        asking = _Asking(self.inference, Scope.of(function))
        return any(asking.is_asked_in(attempt.body) for attempt in function.body.tries)
