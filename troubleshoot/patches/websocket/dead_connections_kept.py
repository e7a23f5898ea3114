"""A send that fails concerns one receiver only, and a socket leaves its registry however its endpoint ends."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import (
    LEAVING,
    ancestors,
    is_within,
    last_name,
    mentions,
    nodes_in,
    parent,
    statement_of,
)
from troubleshoot.code.topics.websockets import sent_to, sockets_passed_on
from troubleshoot.patches.registries import Registry
from troubleshoot.patching.blocks import statements_behind
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError
from troubleshoot.patching.tries import move_to_finally

COPIES = ("list", "tuple", "set", "copy")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Catch what fails in a broadcast, where it fails; forget the socket of an endpoint in `finally`."""
    function, node = sighting.function, sighting.node
    if function is None:
        raise WithheldError("the send stands in no function")
    if isinstance(node, ast.ExceptHandler):
        _forget(draft, function, node, sighting.nodes["removal"])
        return
    assert isinstance(node, ast.Call)
    if not any(isinstance(around, ast.comprehension | ast.ListComp | ast.GeneratorExp) for around in ancestors(node)):
        _go_on(draft, function, node)
        return
    gather = next((around for around in ancestors(node) if isinstance(around, ast.Call)), None)
    if gather is None or draft.project.path(gather.func, function) != "asyncio.gather":
        raise WithheldError("the sends are started in a way of their own")
    if not isinstance(statement_of(gather), ast.Expr):
        raise WithheldError("somebody looks at what the sends return")
    _collect(draft, function, gather)


def _collect(draft: Draft, function: Function, gather: ast.Call) -> None:
    """Let the exceptions of a gather be results."""
    source = draft.source(function.module)
    start, end = source.span([*gather.args, *(item.value for item in gather.keywords)][-1])
    line = source.text[:start].rpartition("\n")[2]
    between = ", " if line.strip() else f",{source.newline}{line}"
    draft.put(function.module, end, end, f"{between}return_exceptions=True")


def _go_on(draft: Draft, function: Function, call: ast.Call) -> None:
    """Put a send into `try`, and take out of the registry the socket for which it fails."""
    module, name, statement = function.module, sent_to(call), statement_of(call)
    loops = (item for item in ancestors(call) if isinstance(item, (ast.For, ast.AsyncFor)))
    loop = next((item for item in loops if mentions(item.target, (name,))), None)
    if loop is None:
        raise WithheldError("what becomes of the one socket is yours to say")
    if statement is None or not any(isinstance(item, ast.Await) for item in ancestors(call)):
        raise WithheldError("the send is not waited for in the loop")
    container, key, is_live = _gone_through(loop, name)
    registry = Registry.of(draft.project, container, function) if container is not None else None
    drop = registry.drop(draft, name, key) if registry is not None else ""
    if drop and is_live:
        draft.replace(module, loop.iter, f"{draft.name(module, 'builtins.list')}({draft.text(module, loop.iter)})")
    steps = [drop] if drop else []
    if statements_behind(statement, loop):
        steps.append("continue")
    handled = "\n".join(steps) or "pass  # this client has left; the others still get it"
    left = draft.name(module, "fastapi.WebSocketDisconnect")
    body = handled.replace("\n", "\n    ")
    draft.deepen(module, [statement], "try:", f"except ({left}, RuntimeError):\n    {body}")


def _gone_through(loop: ast.For | ast.AsyncFor, name: str) -> tuple[ast.expr | None, str, bool]:
    """Return the collection of sockets that a loop goes through, the key if it has one, and whether it is no copy."""
    node, is_live, key = loop.iter, True, ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in COPIES and node.args:
        node, is_live = node.args[0], False
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        return node.value, key, False
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        if node.func.attr == "copy":
            return node.func.value, key, False
        if node.func.attr == "items" and isinstance(loop.target, ast.Tuple):
            first, last = loop.target.elts[0], loop.target.elts[-1]
            is_pair = len(loop.target.elts) == 2 and isinstance(first, ast.Name) and last_name(last) == name
            return (node.func.value if is_pair else None), last_name(first), is_live
        return (node.func.value if node.func.attr == "values" else None), key, is_live
    is_element = isinstance(loop.target, ast.Name) and loop.target.id == name
    return (node if is_element else None), key, is_live


def _forget(draft: Draft, function: Function, handler: ast.ExceptHandler, removal: ast.AST) -> None:
    """Move what takes the socket out of the registry, and what follows, from the `except` into a `finally`."""
    attempt = parent(handler)
    assert isinstance(attempt, ast.Try)
    assert isinstance(removal, ast.stmt)
    moved = handler.body[handler.body.index(removal) :]
    if any(isinstance(item, LEAVING) for item in nodes_in(moved)):
        raise WithheldError("the handler leaves in a way of its own")
    if handler.name and any(mentions(item, (handler.name,)) for item in moved):
        raise WithheldError("what follows needs to know about the disconnect")
    others = [*attempt.body, *(item for other in attempt.handlers if other is not handler for item in other.body)]
    if any(ast.unparse(item) == ast.unparse(removal) for item in nodes_in(others) if isinstance(item, ast.stmt)):
        raise WithheldError("the socket is taken out in other places, too")
    registering = [call.lineno for call in sockets_passed_on(draft.project, function) if is_within(call, attempt)]
    leaving = [item.lineno for item in nodes_in(attempt.body) if isinstance(item, (ast.Return, ast.Raise))]
    if registering and any(line < min(registering) for line in leaving):
        raise WithheldError("the endpoint may leave before its socket is registered")
    move_to_finally(draft, function.module, attempt, handler.body, removal)
