"""The refusal is returned as the JSON that the handler of HTTPException would have made of it."""

from __future__ import annotations

import ast
import re
from http import HTTPStatus

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import argument
from troubleshoot.code.topics.middleware import http_middleware
from troubleshoot.patching.calls import call_text
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

STATUS = re.compile(r"(?:.*\bHTTP_)?([1-5]\d\d)(?:_\w+)?")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Put `return JSONResponse(…)` in the place of the `raise`."""
    function, module, node = sighting.function, sighting.module, sighting.node
    assert isinstance(node, ast.Raise)
    if not any(function is item for item in http_middleware(draft.project)):
        raise WithheldError("it is raised in a function that a middleware calls, and only the middleware can answer")
    status = argument(node.exc, 0, "status_code") if isinstance(node.exc, ast.Call) else None
    if not isinstance(node.exc, ast.Call) or status is None or isinstance(status, ast.Starred):
        raise WithheldError("the exception is made elsewhere")
    detail, headers = argument(node.exc, 1, "detail"), argument(node.exc, 2, "headers")
    said = draft.text(module, detail) if detail is not None else _phrase(draft.text(module, status))
    arguments = [f'{{"detail": {said}}}', f"status_code={draft.text(module, status)}"]
    if headers is not None:
        arguments.append(f"headers={draft.text(module, headers)}")
    source, answer = draft.source(module), draft.name(module, "fastapi.responses.JSONResponse")
    draft.put(module, *source.span(node), call_text(source, node, f"return {answer}", arguments))


def _phrase(status: str) -> str:
    """Return the text that HTTPException has by itself for a status."""
    found = STATUS.fullmatch(status)
    if found is None or int(found[1]) not in list(HTTPStatus):
        raise WithheldError("the detail would be that of a status which is known only at run time")
    return f'"{HTTPStatus(int(found[1])).phrase}"'
