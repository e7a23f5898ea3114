"""What a middleware reads of a body is kept, and handed on to the application."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import mentions, statement_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError, last_line

KEPT, RECEIVE, REPLAY = "messages", "receive_and_keep", "replay"


def patch(sighting: Sighting, draft: Draft) -> None:
    """Read the body whole before `request.stream()`, or put functions that keep and replay for `receive`."""
    function, module, call = sighting.function, sighting.module, sighting.node
    assert function is not None
    assert isinstance(call, ast.Call)
    if isinstance(call.func, ast.Attribute) and call.func.attr == "stream" and function.name != "__call__":
        statement = statement_of(call)
        if statement is None:
            raise WithheldError("the body is read inside of an expression")
        draft.before(module, statement, f"await {draft.text(module, call.func.value)}.body()")
        return
    receive = function.params[2].name
    names = [item for item in ast.walk(function.node) if isinstance(item, ast.Name)]
    if {item.id for item in names} & {KEPT, RECEIVE, REPLAY}:
        raise WithheldError("the names for what is kept are taken")
    if any(mentions(item, {receive}) for item in function.body.nested.values()):
        raise WithheldError(f"{receive} is used in a function inside of {function.qualname}")
    handed_on = [item for item in sighting.nodes.values() if isinstance(item, ast.Name)]
    reads = [item for item in names if item.id == receive and item not in handed_on]
    first = min(item.lineno for item in reads)
    for item in reads:
        draft.replace(module, item, RECEIVE)
    for item in handed_on:
        if item.lineno > first:
            draft.replace(module, item, REPLAY)
    start = next(item for item in function.node.body if last_line(item) >= first)
    draft.before(
        module,
        start,
        f"""
        {KEPT} = []

        async def {RECEIVE}():
            {KEPT}.append(await {receive}())
            return {KEPT}[-1]

        async def {REPLAY}():
            return {KEPT}.pop(0) if {KEPT} else await {receive}()

        """,
    )
