"""The data is returned, and its status declared, so that the response model is asked."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import argument, keyword
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.arguments import add_arguments
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

USUAL = "200"


def patch(sighting: Sighting, draft: Draft) -> None:
    """Put the data in the place of the response. Headers and the like would be lost, so there it is left alone."""
    call, function, route = sighting.node, sighting.function, sighting.nodes.get("route")
    if route is None:
        raise WithheldError("the cookie belongs on the response that is returned")
    assert isinstance(call, ast.Call)
    assert isinstance(route, ast.Call)
    assert function is not None
    content = argument(call, 0, "content")
    assert content is not None
    if len(call.args) > 2 or any(item.arg not in ("content", "status_code") for item in call.keywords):
        raise WithheldError("the response has headers or the like, which belong on a `response` parameter")
    if any(callers(draft.project, function)):
        raise WithheldError(f"{function.qualname} is called elsewhere, too")
    _declare_status(draft, function, route, argument(call, 1, "status_code"))
    if draft.project.path(getattr(content, "func", None), function) == "fastapi.encoders.jsonable_encoder":
        encoder = content
        assert isinstance(encoder, ast.Call)
        if len(encoder.args) != 1 or encoder.keywords:
            raise WithheldError("jsonable_encoder is told what to leave out")
        content = encoder.args[0]
    _replace_annotation(draft, function, route)
    source = draft.source(sighting.module)
    (start, end), (first, last) = source.span(call), source.span(content)
    if "#" in source.text[start:first] + source.text[last:end]:
        raise WithheldError("a comment stands inside the response")
    draft.replace(sighting.module, call, source.flush(content))


def _declare_status(draft: Draft, function: Function, route: ast.Call, status: ast.expr | None) -> None:
    """See that the declared status is the one that was sent, where the response has one."""
    declared = keyword(route, "status_code")
    if status is None or _number(status) == (USUAL if declared is None else _number(declared)):
        return
    if declared is not None or len(function.body.returns) > 1:
        raise WithheldError("the response has another status than the one that is declared")
    add_arguments(draft, function.module, route, [f"status_code={draft.text(function.module, status)}"])


def _replace_annotation(draft: Draft, function: Function, route: ast.Call) -> None:
    """Say no longer that the endpoint returns a response, where the decorator has the model."""
    if function.node.returns is not None and keyword(route, "response_model") is not None:
        draft.replace(function.module, function.node.returns, draft.name(function.module, "typing.Any"))


def _number(status: ast.expr) -> str:
    """Return the number in `201` or in `status.HTTP_201_CREATED`."""
    return "".join(item for item in ast.unparse(status) if item.isdigit())
