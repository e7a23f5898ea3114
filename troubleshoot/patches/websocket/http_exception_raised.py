"""`WebSocketException` in the place of `HTTPException`, with a code that says who is to blame, and the same reason."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import argument, last_name
from troubleshoot.code.topics.websockets import SOCKET
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

LONGEST_REASON = 123
"""The bytes that a close frame has for its reason."""
CODES = {"4": (1008, "WS_1008_POLICY_VIOLATION"), "5": (1011, "WS_1011_INTERNAL_ERROR")}
STATUSES = ("fastapi.status", "starlette.status")
STATUS = re.compile(r"(?:HTTP_)?([45])\d\d(?:_\w+)?")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Change the name of the exception, its status into a code, and its detail into a reason."""
    module, raised = sighting.module, sighting.nodes.get("raised")
    if raised is None:
        raise WithheldError("before accept() the handshake is answered with this status")
    if not isinstance(raised, ast.Call):
        raise WithheldError("the exception has no status")
    if any(_answers_sockets(draft.project, item) for item in draft.project.called_as("exception handler")):
        raise WithheldError("an exception handler of the project may answer it")
    status, detail = argument(raised, 0, "status_code"), argument(raised, 1, "detail")
    if len(raised.args) + len(raised.keywords) != sum(item is not None for item in (status, detail)) or status is None:
        raise WithheldError("the exception has more than a status and a detail")
    if detail is not None and not _is_reason(detail):
        raise WithheldError("the detail is not a text that is short enough for a reason")
    draft.replace(module, raised.func, draft.name(module, "fastapi.WebSocketException"))
    draft.replace(module, status, _code(draft, module, status))
    for item in raised.keywords:
        start, _ = draft.source(module).span(item)
        name = "code" if item.value is status else "reason"
        draft.put(module, start, start + len(item.arg or ""), name)


def _answers_sockets(project: Project, handler: Function) -> bool:
    return any(project.inference.parameter(param, handler) == SOCKET for param in handler.params)


def _code(draft: Draft, module: Module, status: ast.expr) -> str:
    """Return the code for a status, as a name from the same place where the status has one."""
    written = str(status.value) if isinstance(status, ast.Constant) else last_name(status)
    found = STATUS.fullmatch(written)
    if found is None:
        raise WithheldError("the status is known only when it is raised")
    number, name = CODES[found[1]]
    if isinstance(status, ast.Attribute) and draft.project.path(status.value, module) in STATUSES:
        return f"{draft.text(module, status.value)}.{name}"
    return str(number)


def _is_reason(detail: ast.expr) -> bool:
    if isinstance(detail, ast.Constant) and isinstance(detail.value, str):
        return len(detail.value.encode()) <= LONGEST_REASON
    return isinstance(detail, ast.JoinedStr) or (isinstance(detail, ast.Call) and last_name(detail.func) == "str")
