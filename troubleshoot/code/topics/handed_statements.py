"""Statements that one function puts together and a helper, which it gives them to, runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.arguments import arguments
from troubleshoot.code.inference.inference import Inference
from troubleshoot.code.inference.values import Scope
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_name
from troubleshoot.code.topics.queries import Query, is_returned, queries, query_of


def handed_on(inference: Inference, function: Function, scope: Scope) -> Iterator[Query]:
    """Yield the statements of `function` that a helper runs; `call` is that of the helper, which returns the rows."""
    if not function.module.mentions(b"select"):
        return
    for call in function.body.calls:
        if not any(_may_be_statement(item, function) for item in (*call.args, *(one.value for one in call.keywords))):
            continue
        called = inference.value(call.func, scope)
        helper = inference.receiver(called) if called is not None else None
        if called is None or helper is None or helper is function:
            continue
        inside = Scope(helper.module, helper, inference.bindings(called, call, scope))
        given = arguments(called, helper, call)
        for query in queries(inference, helper, inside):
            name = next((name for name in given if _runs(query, name, helper)), None)
            if name is not None:
                statement = query_of(inference, call, given[name], query.fetched, scope)
                if statement.selects:
                    yield statement


def _may_be_statement(node: ast.expr, function: Function) -> bool:
    values = function.body.assigned.get(node.id, []) if isinstance(node, ast.Name) else [node]
    return any(isinstance(item, ast.Call) for item in values)


def _runs(query: Query, name: str, helper: Function) -> bool:
    """Return whether a helper runs the statement that it is given under a name as it is, and returns what it gives."""
    given = query.call.args[:1]
    return (
        bool(given) and is_name(given[0], name) and name not in helper.body.assigned and is_returned(query.call, helper)
    )
