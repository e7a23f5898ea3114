"""The handler is for Starlette's class, and errors become JSON before they are sent."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import parent
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Encode the errors, or name the other class where the handler is registered and in what it is."""
    errors, caught = sighting.nodes.get("errors"), sighting.nodes.get("caught")
    module = sighting.module
    if errors is not None:
        draft.around(module, errors, f"{draft.name(module, 'fastapi.encoders.jsonable_encoder')}(", ")")
        return
    if not isinstance(caught, ast.Name):
        raise WithheldError("the class is not given by its place")
    name = draft.name(module, "starlette.exceptions.HTTPException", alias="StarletteHTTPException")
    draft.replace(module, caught, name)
    handler = next(item for item in draft.project.registrations("handler") if item.call is sighting.node)
    if not isinstance(handler.value, Function) or handler.value.module is not module:
        raise WithheldError("the handler is declared elsewhere")
    for item in ast.walk(handler.value.node):
        if item is not caught and isinstance(item, ast.Name) and item.id == caught.id and _is_type(item):
            draft.replace(module, item, name)


def _is_type(node: ast.Name) -> bool:
    """Return whether a class is named for what something is, not to make or raise one."""
    around = parent(node)
    return not (isinstance(around, ast.Raise) or (isinstance(around, ast.Call) and around.func is node))
