"""What an endpoint has done with its WebSocket, and how that is undone."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from troubleshoot.code.inference.values import Bound, Scope
from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import nodes_in, tries
from troubleshoot.code.topics.websockets import SENDS, SOCKET, sent_to, socket_calls, sockets_passed_on

REGISTERING = ("append", "add")
LEAVING = ("disconnect", "remove", "unregister", "leave", "unsubscribe", "drop", "delete")
"""Names of methods that take a connection out of a registry."""

STEPS = 3


def sends_to_others(project: Project, function: Function, statements: Sequence[ast.stmt]) -> bool:
    """Return whether statements of an endpoint may send to sockets other than its own, and raise if one is dead."""
    own = {call for _, call in socket_calls(project, function)}
    calls = [node for node in nodes_in(statements) if isinstance(node, ast.Call) and node not in own]
    return any(_sends(project, call, Scope.of(function), STEPS) for call in calls)


def _sends(project: Project, call: ast.Call, scope: Scope, steps: int) -> bool:
    if sent_to(call):
        return not any(item.handlers for item in tries(call))
    called = project.value(call.func, scope)
    inner = called.function if isinstance(called, Bound) else called
    if called is None and isinstance(call.func, ast.Attribute):
        return call.func.attr in SENDS
    if not isinstance(inner, Function) or steps == 0:
        return False
    inside = Scope.of(inner)
    return any(_sends(project, item, inside, steps - 1) for item in inner.body.calls)


def farewells(project: Project, function: Function) -> Iterator[str]:
    """Yield the lines that take the socket of an endpoint out of where the endpoint has put it, if it is there."""
    sockets = {param.name for param in function.params if project.inference.parameter(param, function) == SOCKET}
    for call in sockets_passed_on(project, function):
        value = project.value(call.func, function)
        if isinstance(value, Bound) and isinstance(call.func, ast.Attribute) and value.function.owner is not None:
            yield from _left(value.function, call)
    for call in function.body.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in REGISTERING and len(call.args) == 1:
            given, registry = call.args[0], ast.unparse(call.func.value)
            if not isinstance(given, ast.Name) or given.id not in sockets:
                continue
            if call.func.attr == "add":
                yield f"{registry}.discard({given.id})"
            else:
                yield f"if {given.id} in {registry}:"
                yield f"    {registry}.remove({given.id})"
    for statement in ast.walk(function.node):
        if (
            isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.Name)
            and statement.value.id in sockets
        ):
            for target in statement.targets:
                if isinstance(target, ast.Subscript):
                    registry, key = ast.unparse(target.value), ast.unparse(target.slice)
                    # The client may have come back under the same key.
                    yield f"if {registry}.get({key}) is {statement.value.id}:"
                    yield f"    del {registry}[{key}]"


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
