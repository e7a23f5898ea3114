"""`await` in front of the call; a short `def` endpoint that returns a coroutine becomes `async def`."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import parent
from troubleshoot.patching.awaits import await_here
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import make_async
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Await the coroutine where it is made."""
    function, call = sighting.function, sighting.node
    if function is None or not isinstance(call, ast.Call):
        raise WithheldError("the call stands in no function")
    if _is_awaited_below(call):
        raise WithheldError("what is called on its result is awaited, which may be one await too many then")
    if not function.is_async:
        if not isinstance(parent(call), ast.Return) or len(function.body.calls) > 1:
            raise WithheldError(f"{function.qualname} is a plain function that does more, or that others call")
        make_async(draft, function)
    await_here(draft, function.module, call)


def _is_awaited_below(call: ast.Call) -> bool:
    """Return whether a call is the beginning of what is awaited: `await call().first()`."""
    inside: ast.AST = call
    while isinstance(around := parent(inside), (ast.Attribute, ast.Subscript, ast.Call)):
        if isinstance(around, ast.Call) and around.func is not inside:
            return False
        inside = around
    return inside is not call and isinstance(around, ast.Await)
