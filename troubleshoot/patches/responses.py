"""The response that a handler of HTTPException would make, returned where the exception is raised."""

from __future__ import annotations

import ast
import re
from http import HTTPStatus

from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import argument, short
from troubleshoot.patching.calls import call_text
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

STATUS = re.compile(r"(?:.*\bHTTP_)?([1-5]\d\d)(?:_\w+)?")


def return_instead(draft: Draft, module: Module, node: ast.Raise) -> None:
    """Put `return JSONResponse(…)` in the place of the `raise` of an HTTPException."""
    source, error = draft.source(module), node.exc
    status = argument(error, 0, "status_code") if isinstance(error, ast.Call) else None
    if not isinstance(error, ast.Call) or status is None or isinstance(status, ast.Starred):
        raise WithheldError("the exception is made elsewhere")
    if source.is_commented(error):
        raise WithheldError("comments stand among the arguments of the exception")
    detail, headers = argument(error, 1, "detail"), argument(error, 2, "headers")
    if len(error.args) + len(error.keywords) > sum(item is not None for item in (status, detail, headers)):
        raise WithheldError(f"{short(error)} has arguments that a response has not")
    said = source.of(detail) if detail is not None else _phrase(source.of(status))
    parts = [f'{{"detail": {said}}}', f"status_code={source.of(status)}"]
    if headers is not None:
        parts.append(f"headers={source.of(headers)}")
    response = draft.name(module, "fastapi.responses.JSONResponse")
    draft.put(module, *source.span(node), call_text(source, node, f"return {response}", parts))


def _phrase(status: str) -> str:
    """Return the text that HTTPException has by itself for a status."""
    found = STATUS.fullmatch(status)
    if found is None or int(found[1]) not in list(HTTPStatus):
        raise WithheldError("the detail would be that of a status which is known only at run time")
    return f'"{HTTPStatus(int(found[1])).phrase}"'
