"""What is not meant for the middleware goes on to the application."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class
from troubleshoot.code.syntax.nodes import is_name, text_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Call the application instead of leaving, and at the start for every scope that is not HTTP."""
    function, module = sighting.function, sighting.module
    assert function is not None
    assert function.owner is not None
    me, *given = [param.name for param in function.params]
    forward = f"await {me}.{_application(function.owner)}({', '.join(given)})"
    left, last = [item for item in sighting.nodes.values() if isinstance(item, ast.Return)], sighting.nodes.get("last")
    for item in left:
        draft.replace(module, item, f"return {forward}")
    if left:
        return
    if isinstance(last, ast.stmt):
        draft.after(module, last, forward)
    elif "request" not in sighting.nodes:
        raise WithheldError("only its author knows when the application is to be called")
    if "request" in sighting.nodes or any(
        is_name(item.value, given[0]) and text_of(item.slice) != "type" for item in function.body.subscripts
    ):
        draft.first(module, function.node.body, f'if {given[0]}["type"] != "http":\n    {forward}\n    return')


def _application(owner: Class) -> str:
    """Return the attribute that holds the application."""
    starts = owner.methods.get("__init__")
    if starts is not None and len(starts.params) > 1:
        for name, (value, method) in owner.attributes.items():
            if method is starts and is_name(value, starts.params[1].name):
                return name
    raise WithheldError(f"where {owner.name} keeps the application is not in its own __init__")
