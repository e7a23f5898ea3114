"""A task sends, while the endpoint receives until its client has left."""

from __future__ import annotations

import ast

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import ancestors, is_endless, is_within, tries
from troubleshoot.code.topics.websockets import SENDS, catches, socket_calls
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

SENDER, GROUP = "send", "tasks"
BESIDE = """
async with {group}() as tasks:
    tasks.start_soon(send)
    # Only a receive call learns that the client has left.
    while (await {socket}.receive())["type"] != "websocket.disconnect":
        pass
    tasks.cancel_scope.cancel()
"""
WRAPPED = ("builtins.Exception", "builtins.BaseException", "asyncio.CancelledError")
"""What also catches an exception that comes in a group, and the one that never does."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Put the loop that sends into a function of its own, and run that beside a loop that receives."""
    function, call, module = sighting.function, sighting.node, sighting.module
    loops = [around for around in ancestors(call) if isinstance(around, (ast.While, ast.For, ast.AsyncFor))]
    if function is None or not isinstance(call, ast.Call) or not isinstance(loops[-1], ast.While):
        raise WithheldError("the loop that sends stands in another one")
    loop, socket = loops[-1], call.func.value if isinstance(call.func, ast.Attribute) else None
    if not isinstance(socket, ast.Name) or any(_uses(function.node, name) for name in (SENDER, GROUP)):
        raise WithheldError(f"{function.qualname} uses the names that the change needs for something else")
    _must_be_endless(draft.project, loop, function)
    for handler in (item for outer in tries(loop) for item in outer.handlers):
        known = handler.type is None or draft.project.is_exception(handler.type, function, *WRAPPED)
        if not known and not catches(draft.project, handler, function):
            raise WithheldError("an exception of the loop is handled round it, which would come in a group")
    header = [f"async def {SENDER}() -> None:", *_nonlocal(function, loop)]
    footer = BESIDE.format(group=draft.name(module, "anyio.create_task_group"), socket=socket.id)
    _leave_a_line_above(draft, module, loop)
    if _expects_the_end(draft.project, loop, function):
        draft.after(module, loop, "")
    else:
        header.append("    try:")
        footer = f"    except {draft.name(module, 'fastapi.WebSocketDisconnect')}:\n        pass\n{footer}"
    draft.deepen(module, [loop], "\n".join(header), footer)


def _leave_a_line_above(draft: Draft, module: Module, loop: ast.While) -> None:
    """Put an empty line above the comments above a loop, unless a block starts there."""
    source = draft.source(module)
    number = loop.lineno - 1
    while source.text[source.line_start(number) : source.line_end(number)].strip().startswith("#"):
        number -= 1
    line = source.text[source.line_start(number) : source.line_end(number)].strip()
    if line and not line.endswith(":"):
        start = source.line_start(number + 1)
        draft.put(module, start, start, source.newline)


def _must_be_endless(project: Project, loop: ast.While, function: Function) -> None:
    endless = is_endless(loop)
    leaving = [item for item in ast.walk(loop) if isinstance(item, (ast.Break, ast.Return))]
    handlers = [
        item for attempt in function.body.tries for item in attempt.handlers if catches(project, item, function)
    ]
    if not endless or not all(any(is_within(item, handler) for handler in handlers) for item in leaving):
        raise WithheldError("the loop also ends by itself, and the endpoint with it")


def _expects_the_end(project: Project, loop: ast.While, function: Function) -> bool:
    """Return whether each send in a loop expects, inside of it, that the client has left."""
    sends = [call for name, call in socket_calls(project, function) if name in SENDS and is_within(call, loop)]
    return all(
        any(
            catches(project, handler, function, broad=True)
            for attempt in tries(call)
            if is_within(attempt, loop)
            for handler in attempt.handlers
        )
        for call in sends
    )


def _nonlocal(function: Function, loop: ast.While) -> list[str]:
    """Return the statement by which the loop, in its own function, still changes what stands outside of it."""
    names = [item for item in ast.walk(function.node) if isinstance(item, ast.Name)]
    inside = {item.id for item in names if is_within(item, loop) and not isinstance(item.ctx, ast.Load)}
    outside = [item for item in names if not is_within(item, loop)]
    bound = {param.name for param in function.params}
    bound |= {item.id for item in outside if not isinstance(item.ctx, ast.Load)}
    if inside & {item.id for item in outside} - bound:
        raise WithheldError("what the loop sets is used outside of it")
    return [f"    nonlocal {', '.join(sorted(inside & bound))}"] if inside & bound else []


def _uses(node: ast.AST, name: str) -> bool:
    names = [getattr(item, "id", getattr(item, "arg", "")) for item in ast.walk(node)]
    return name in names
