"""What several detectors want to know of a WebSocket endpoint."""

from __future__ import annotations

import ast

from troubleshoot.code.inference.values import Bound, Elements
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import ancestors, last_name, mentions

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
        if project.path(given, function) == SOCKET and not _keeps(project, call, function)
    ]


def _keeps(project: Project, call: ast.Call, function: Function) -> bool:
    """Return whether a call puts something into a set, a list or the like, which do nothing with it."""
    holder = project.value(call.func.value, function) if isinstance(call.func, ast.Attribute) else None
    return isinstance(holder, Elements) or (isinstance(holder, str) and holder.startswith("builtins."))


def sent_to(call: ast.Call) -> str:
    """Return the name of the variable on which a send is called, or the empty string."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in SENDS and isinstance(call.func.value, ast.Name):
        return call.func.value.id
    return ""


def is_suppressed(node: ast.AST) -> bool:
    """Return whether a node stands in `with suppress(…)`, so that its failure is expected."""
    return any(
        isinstance(around, (ast.With, ast.AsyncWith))
        and any(last_name(getattr(item.context_expr, "func", None)) == "suppress" for item in around.items)
        for around in ancestors(node)
    )


def catches(project: Project, handler: ast.ExceptHandler, function: Function, *, broad: bool = False) -> bool:
    """Return whether a handler names WebSocketDisconnect, or, if `broad`, catches it in any way."""
    names = ["fastapi.WebSocketDisconnect", "starlette.websockets.WebSocketDisconnect"]
    if broad:
        names += ["builtins.Exception", "builtins.BaseException"]
    return (broad and handler.type is None) or project.is_exception(handler.type, function, *names)


def is_registered(project: Project, function: Function) -> bool:
    """Return whether an endpoint puts its socket where others find it."""
    sockets = {param.name for param in function.params if project.inference.parameter(param, function) == SOCKET}
    if any(isinstance(project.value(call.func, function), Bound) for call in sockets_passed_on(project, function)):
        return True
    adds = ("append", "add")
    return any(
        isinstance(call.func, ast.Attribute)
        and call.func.attr in adds
        and any(isinstance(item, ast.Name) and item.id in sockets for item in call.args)
        for call in function.body.calls
    )


def returns_exceptions(node: ast.AST, function: Function) -> bool:
    """Return whether whoever waits for what a comprehension makes takes exceptions as results, also by its name."""
    call = next((around for around in ancestors(node) if isinstance(around, ast.Call)), None)
    names = [name for name, values in function.body.assigned.items() if node in values]
    calls = [item for item in function.body.calls if any(mentions(given, names) for given in item.args)]
    return any(
        given.arg == "return_exceptions" for item in [call, *calls] if item is not None for given in item.keywords
    )
