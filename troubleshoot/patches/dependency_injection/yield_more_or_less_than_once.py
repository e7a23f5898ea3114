"""A way past the `yield` gets one that gives None; the `except` of the endpoint's exception raises instead."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import ancestors, is_within, parent, statement_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError
from troubleshoot.patching.tries import drop_handler, has_comment


def patch(sighting: Sighting, draft: Draft) -> None:
    """Yield None before a `return` or in an `else`, or raise where a second `yield` follows an exception."""
    node, module, condition = sighting.node, sighting.module, sighting.nodes.get("condition")
    if isinstance(condition, ast.If):
        draft.after(module, condition, "else:\n    yield None")
    elif isinstance(node, ast.Return):
        given = draft.text(module, node.value) if node.value is not None else "None"
        if "\n" in given:
            raise WithheldError("what it returns takes several lines")
        draft.before(module, node, f"yield {given}")
        if node.value is not None:
            draft.replace(module, node, "return")
    elif "first" in sighting.nodes:
        _raise_instead(sighting, draft)
    else:
        raise WithheldError("which of the values is meant cannot be seen")


def _raise_instead(sighting: Sighting, draft: Draft) -> None:
    second, first, module = sighting.node, sighting.nodes["first"], sighting.module
    handler = next((around for around in ancestors(second) if isinstance(around, ast.ExceptHandler)), None)
    attempt = parent(handler) if handler is not None else None
    if handler is None or not isinstance(attempt, ast.Try):
        raise WithheldError("which of the two values is meant cannot be seen")
    if not is_within(first, attempt.body[0]) or not isinstance(attempt.body[0], ast.Expr):
        raise WithheldError("the except is also there for what comes before the first yield")
    statement = handler.body[-1]
    if statement_of(second) is not statement or not isinstance(statement, ast.Expr):
        raise WithheldError("something follows the second yield")
    if len(handler.body) == len(attempt.handlers) == 1 and not has_comment(draft, module, attempt, handler):
        drop_handler(draft, module, attempt, handler)
    else:
        draft.replace(module, statement, "raise")
