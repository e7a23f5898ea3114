"""An endpoint without a body returns nothing, or a response that has none."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, last_name
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.arguments import drop_argument
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError

WORKING = (ast.Call, ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom)
"""What does something besides giving a value."""

PURE = ("bool", "dict", "int", "isoformat", "len", "list", "str")
"""Calls that only give a value."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Take the body out of what the endpoint returns, and out of what it says that it returns."""
    response, route, function = sighting.nodes.get("response"), sighting.nodes.get("route"), sighting.function
    assert function is not None
    if isinstance(response, ast.Call):
        _without_content(draft, function, response)
        return
    assert isinstance(route, ast.Call)
    if any(callers(draft.project, function)):
        raise WithheldError(f"{function.qualname} is called elsewhere, too")
    model = next((item for item in route.keywords if item.arg == "response_model"), None)
    if model is not None and not (isinstance(model.value, ast.Constant) and model.value.value is None):
        drop_argument(draft, function.module, route, model)
    if function.node.returns is not None:
        draft.replace(function.module, function.node.returns, "None")
    for statement in function.body.returns:
        _return_nothing(draft, function, statement)


def _without_content(draft: Draft, function: Function, call: ast.Call) -> None:
    module = function.module
    content = argument(call, 0, "content")
    if content is not None:
        if _works(content):
            raise WithheldError("what makes the body may do something else as well")
        if content in call.args and len(call.args) > 1:
            raise WithheldError("the status is given by its place, which is another without the body")
        drop_argument(draft, module, call, content)
    name = draft.name(module, "fastapi.Response")
    if function.node.returns is not None and ast.unparse(function.node.returns) == ast.unparse(call.func):
        draft.replace(module, function.node.returns, name)
    draft.replace(module, call.func, name)


def _return_nothing(draft: Draft, function: Function, statement: ast.Return) -> None:
    if statement.value is None or (isinstance(statement.value, ast.Constant) and statement.value.value is None):
        return
    if _works(statement.value):
        raise WithheldError(f"what is returned in line {statement.lineno} may do something else as well")
    block = block_around(statement, function.node)
    is_commented = draft.source(function.module).is_commented(statement)
    if block is function.node.body and statement is block[-1] and len(block) > 1 and not is_commented:
        draft.delete(function.module, statement)
    else:
        draft.replace(function.module, statement, "return" if block is not function.node.body else "return None")


def _works(value: ast.expr) -> bool:
    """Return whether an expression may do something besides giving a value."""
    return any(
        isinstance(item, WORKING) and last_name(getattr(item, "func", None)) not in PURE for item in ast.walk(value)
    )
