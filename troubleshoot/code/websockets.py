"""What several detectors want to know of a WebSocket endpoint."""

from __future__ import annotations

import ast

from troubleshoot.code.project import Project
from troubleshoot.code.syntax import Function

RECEIVES = frozenset(
    ("receive", "receive_text", "receive_bytes", "receive_json", "iter_text", "iter_bytes", "iter_json")
)
SENDS = frozenset(("send", "send_text", "send_bytes", "send_json"))
SOCKET = "fastapi.WebSocket()"


def socket_calls(project: Project, function: Function) -> list[tuple[str, ast.Call]]:
    """Return the calls of a WebSocket's methods in `function`, by the method's name, in source order."""
    found = []
    for call in function.body.calls:
        path = project.path(call.func, function)
        if path.startswith(f"{SOCKET}."):
            found.append((path.rpartition(".")[2], call))
    return found


def sockets_passed_on(project: Project, function: Function) -> list[ast.Call]:
    """Return the calls to which `function` passes a WebSocket, and which may so do anything with it."""
    return [
        call
        for call in function.body.calls
        for given in (*call.args, *(item.value for item in call.keywords))
        if project.path(given, function) == SOCKET
    ]
