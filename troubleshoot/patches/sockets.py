"""What an endpoint has done with its WebSocket, and how that is undone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.inference.values import Bound
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.topics.websockets import SOCKET, sockets_passed_on

UNDO = {"append": "remove", "add": "discard"}
LEAVING = ("disconnect", "remove", "unregister", "leave", "unsubscribe", "drop", "delete")
"""Names of methods that take a connection out of a registry."""


def farewells(project: Project, function: Function) -> Iterator[str]:
    """Yield the statements that take the socket of an endpoint out of where the endpoint has put it."""
    sockets = {param.name for param in function.params if project.inference.parameter(param, function) == SOCKET}
    for call in sockets_passed_on(project, function):
        value = project.value(call.func, function)
        if isinstance(value, Bound) and isinstance(call.func, ast.Attribute) and value.function.owner is not None:
            yield from _left(value.function, call)
    for call in function.body.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in UNDO and len(call.args) == 1:
            given = call.args[0]
            if isinstance(given, ast.Name) and given.id in sockets:
                yield f"{ast.unparse(call.func.value)}.{UNDO[call.func.attr]}({given.id})"
    for statement in ast.walk(function.node):
        if (
            isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.Name)
            and statement.value.id in sockets
        ):
            for target in statement.targets:
                if isinstance(target, ast.Subscript):
                    yield f"{ast.unparse(target.value)}.pop({ast.unparse(target.slice)}, None)"


def _left(registering: Function, call: ast.Call) -> Iterator[str]:
    """Yield the call of the method that undoes another of the same class, if it takes the same arguments."""
    assert registering.owner is not None
    assert isinstance(call.func, ast.Attribute)
    for name in LEAVING:
        method = registering.owner.methods.get(name)
        if method is not None and method is not registering:
            taken = [param.name for param in method.params[1:]]
            given = dict(
                zip((param.name for param in registering.params[1:]), map(ast.unparse, call.args), strict=False)
            )
            given |= {item.arg: ast.unparse(item.value) for item in call.keywords if item.arg}
            if all(param in given for param in taken):
                wait = "await " if method.is_async else ""
                arguments = ", ".join(given[param] for param in taken)
                yield f"{wait}{ast.unparse(call.func.value)}.{name}({arguments})"
                return
