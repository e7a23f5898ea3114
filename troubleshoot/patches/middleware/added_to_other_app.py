"""The application that includes the router gets the middleware."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import statement_of
from troubleshoot.patching.blocks import move_behind
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import undecorate
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Name the application where the router stood; below the place where it is made, if that is further down."""
    call, module = sighting.node, sighting.module
    including = sighting.nodes.get("including")
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    if not isinstance(including, ast.Call) or not isinstance(including.func, ast.Attribute):
        raise WithheldError("no application of the same file includes the router")
    app, router = draft.text(module, including.func.value), draft.text(module, call.func.value)
    made = module.body.assigned.get(app)
    if not made or sighting.function is not None:
        raise WithheldError("the application has no name at the top of the file")
    if made[0].lineno < call.lineno:
        draft.replace(module, call.func.value, app)
        return
    statement, below = statement_of(call), statement_of(including)
    assert below is not None
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        text = app + draft.text(module, call).removeprefix(router)
        undecorate(draft, module, call)
        draft.after(module, below, f"{text}({statement.name})")
    elif isinstance(statement, ast.Expr):
        move_behind(draft, module, statement, below, (call.func.value, app))
    else:
        raise WithheldError("the registration is no statement of its own")
