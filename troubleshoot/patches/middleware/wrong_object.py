"""add_middleware gets the class, and what the instance was made with as keywords."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Class
from troubleshoot.code.syntax.nodes import argument
from troubleshoot.code.topics.middleware import HTTP_MIDDLEWARE
from troubleshoot.patching.arguments import replace_argument
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Take the instance apart, or hand a dispatch function to BaseHTTPMiddleware."""
    call, module = sighting.node, sighting.module
    assert isinstance(call, ast.Call)
    given = argument(call, 0, "middleware_class")
    if given is None or given not in call.args:
        raise WithheldError("the class is not the first argument")
    if "dispatch" in sighting.nodes:
        base = draft.name(module, HTTP_MIDDLEWARE)
        replace_argument(draft, module, call, given, base, f"dispatch={draft.text(module, given)}")
        return
    if not isinstance(given, ast.Call):
        raise WithheldError("the instance is made elsewhere")
    made = draft.project.value(given.func, sighting.function or module)
    positional = _beyond_the_application(made, given)
    options = [f"{name}={draft.text(module, item)}" for name, item in positional.items()]
    options += [draft.text(module, item) for item in given.keywords if item.arg != "app"]
    replace_argument(draft, module, call, given, draft.text(module, given.func), *options)


def _beyond_the_application(made: object, given: ast.Call) -> dict[str, ast.expr]:
    """Return the positional arguments but the application, by the names of their parameters."""
    if not isinstance(made, Class):
        if len(given.args) > 1 or any(isinstance(item, ast.Starred) for item in given.args):
            raise WithheldError("the options are given without their names")
        return dict.fromkeys([], given)
    starts = made.methods.get("__init__")
    names = [param.name for param in starts.params[1:] if param.kind == "positional"] if starts is not None else ["app"]
    if names[:1] != ["app"]:
        raise WithheldError(f"{made.name} has no parameter for the application")
    if len(given.args) > len(names) or any(isinstance(item, ast.Starred) for item in given.args):
        raise WithheldError("the options are given without their names")
    return dict(list(zip(names, given.args, strict=False))[1:])
