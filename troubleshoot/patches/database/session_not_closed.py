"""Every session is owned by `with`: where it is used, or in the dependency that hands it out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import is_name, is_within, mentions, parent, tries
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.blocks import hold
from troubleshoot.patching.calls import wrap
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError

KEEPS = b"expire_on_commit=False"
"""What says that rows can be read behind a commit."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Let the dependency that returns a session yield it, and put what is done with one made by hand into `with`."""
    function = sighting.function
    assert function is not None
    if isinstance(sighting.node, ast.Return):
        _yield_it(draft, function, sighting.node)
    elif isinstance(sighting.node, ast.Call):
        _hold_it(draft, function, sighting.node)


def _yield_it(draft: Draft, function: Function, statement: ast.Return) -> None:
    module, source = function.module, draft.source(function.module)
    if any(callers(draft.project, function)):
        raise WithheldError(f"{function.qualname} is called elsewhere, too")
    if len(function.body.returns) > 1 or any(tries(statement)) or not source.is_alone(statement):
        raise WithheldError(f"{function.qualname} has several ways out")
    assert statement.value is not None
    name = "db" if "session" in function.names else "session"
    awaits = _is_async(draft, statement.value, function)
    start, end = source.span(statement)
    first, behind = source.span(statement.value)
    draft.put(module, start, first, "async with " if awaits else "with ")
    draft.put(module, behind, end, f" as {name}:{source.newline}{source.indent(statement)}{source.unit}yield {name}")
    is_async = awaits or function.is_async
    if is_async and not function.is_async:
        draft.replace_start(module, function.node, "def", "async def")
    returns = function.node.returns
    if returns is not None:
        iterator = draft.name(module, f"collections.abc.{'AsyncIterator' if is_async else 'Iterator'}", function)
        draft.put(module, *source.span(returns), f"{iterator}[{draft.text(module, returns)}]")


def _hold_it(draft: Draft, function: Function, call: ast.Call) -> None:
    module, statement = function.module, parent(call)
    assert isinstance(statement, ast.Assign)
    assert isinstance(statement.targets[0], ast.Name)
    name = statement.targets[0].id
    block = block_around(statement, function.node)
    following = block[block.index(statement) + 1 :]
    uses = [node for node in ast.walk(function.node) if is_name(node, name) and node is not statement.targets[0]]
    if name in function.body.globals or not all(any(is_within(use, item) for item in following) for use in uses):
        raise WithheldError(f"{name} is used outside of the block in which it is made")
    lost = next(_lost(draft.project, function, name), None)
    if lost is not None:
        raise WithheldError(f"{lost} could not be read any more, for a commit expires it, and its session is closed")
    closing = next((item for item in following if _closes(item, name)), None)
    if closing is not None:
        index = following.index(closing)
        if not any(is_within(use, item) for item in following[index + 1 :] for use in uses):
            following = following[:index]
        if draft.source(module).is_commented(closing):
            raise WithheldError(f"a comment stands behind the line that closes {name}")
        draft.delete(module, closing)
    if not following:
        raise WithheldError(f"nothing is done with {name}")
    value: ast.expr = call
    if isinstance(call.func, ast.Name) and call.func.id == "next":
        value = call.args[0]
        if len(call.args) > 1 or not isinstance(value, ast.Call):
            raise WithheldError(f"nobody knows where {name} comes from")
        wrap(draft, module, value.func, draft.name(module, "contextlib.contextmanager", function))
    awaits = value is call and _is_async(draft, call, function)
    if awaits and not function.is_async:
        raise WithheldError(f"{function.qualname} is no async function, and only that can close {name}")
    hold(draft, module, statement, value, following[-1], "async with" if awaits else "with")


def _lost(project: Project, function: Function, name: str) -> Iterator[str]:
    """Yield what a function returns of the rows of a session that has committed, and has not loaded them again."""
    calls: dict[str, set[str]] = {}
    for call in function.body.calls:
        if isinstance(call.func, ast.Attribute) and is_name(call.func.value, name):
            names = {item.id for item in call.args if isinstance(item, ast.Name)}
            calls[call.func.attr] = calls.get(call.func.attr, set()) | names
    if "commit" not in calls or any(project.files.holds(path, KEEPS) for path in project.files.paths):
        return
    for statement in function.body.returns:
        if isinstance(statement.value, ast.Name):
            returned = statement.value.id
            made = any(mentions(value, [name]) for value in function.body.assigned.get(returned, ()))
            if (made or returned in calls.get("add", ())) and returned not in calls.get("refresh", ()):
                yield returned


def _closes(statement: ast.stmt, name: str) -> bool:
    """Return whether a statement does nothing but to close `name`."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    call = call.value if isinstance(call, ast.Await) else call
    called = call.func if isinstance(call, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in ("close", "aclose") and is_name(called.value, name)


def _is_async(draft: Draft, value: ast.expr, function: Function) -> bool:
    return draft.project.path(value, function).startswith("sqlalchemy.ext.asyncio.")
