"""The request goes first, taken out of the context, where it is by itself."""

from __future__ import annotations

import ast

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, keyword, text_of
from troubleshoot.patching.arguments import drop_argument, drop_entry, put_first
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

REQUESTS = ("fastapi.Request()", "starlette.requests.Request()", "fastapi.requests.Request()")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Give the request in the way in which the other arguments are given: by place, or by name."""
    call, module, function = sighting.node, sighting.module, sighting.function
    assert isinstance(call, ast.Call)
    assert function is not None
    context = argument(call, 1, "context")
    entry = _entry(context)
    request = entry or keyword(call, "request")
    text = draft.text(module, request) if request is not None else _parameter(draft.project, function)
    if isinstance(context, ast.Dict) and entry is not None:
        if len(context.keys) == 1:
            if context in call.args and len(call.args) > 2:
                draft.replace(module, context, "{}")
            else:
                drop_argument(draft, module, call, context)
        else:
            drop_entry(draft, module, context, entry)
    given = keyword(call, "request")
    if given is not None:
        drop_argument(draft, module, call, given)
    put_first(draft, module, call, text if call.args else f"request={text}")


def _entry(context: ast.expr | None) -> ast.expr | None:
    """Return the request in a context that is written where it is handed over."""
    if not isinstance(context, ast.Dict):
        return None
    entries = zip(context.keys, context.values, strict=True)
    return next((value for key, value in entries if text_of(key) == "request"), None)


def _parameter(project: Project, function: Function) -> str:
    around: Function | None = function
    while around is not None:
        for param in around.params:
            if project.inference.parameter(param, around) in REQUESTS:
                return param.name
        around = around.outer
    raise WithheldError(f"{function.qualname} has no parameter for the request")
