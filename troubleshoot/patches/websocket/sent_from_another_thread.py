"""The send is awaited: where it stands, by who calls the function, or by the event loop on behalf of its thread."""

from __future__ import annotations

import ast
import re

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import last_name, parent
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

OPENING = re.compile(r"(?:\r?\n[ \t]*)?")
"""The line end and the indentation behind a parenthesis that is the last in its line."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Await in an async function and in one that only async functions call; else hand over to the event loop."""
    function, call, module = sighting.function, sighting.node, sighting.module
    if function is None or not isinstance(call, ast.Call):
        raise WithheldError("the call stands in no function")
    if function.is_async:
        _await(draft, module, call)
    elif _runs_in_the_pool(draft.project, function):
        _hand_over(draft, module, call)
    else:
        _make_async(draft, function)
        _await(draft, module, call)


def _await(draft: Draft, module: Module, call: ast.Call) -> None:
    start, _ = draft.source(module).span(call)
    draft.put(module, start, start, "await ")


def _hand_over(draft: Draft, module: Module, call: ast.Call) -> None:
    """Let the event loop send, and wait for it: FastAPI has started the thread, so it knows the loop."""
    if call.keywords:
        raise WithheldError("what is sent is given by name, which from_thread.run does not pass on")
    source = draft.source(module)
    start, _ = source.span(call)
    _, behind = source.span(call.func)
    opening = source.text.index("(", behind)
    between = OPENING.match(source.text, opening + 1)
    assert between is not None
    draft.put(module, start, start, f"{draft.name(module, 'anyio.from_thread')}.run({between[0]}")
    draft.put(module, opening, between.end(), f",{between[0] or ' '}" if call.args else "")


def _runs_in_the_pool(project: Project, function: Function) -> bool:
    """Return whether FastAPI itself runs a function in a thread, and nobody else calls it."""
    run = {*project.called_as("path operation", "dependency"), *(task.function for task in project.tasks)}
    return function in run and not any(callers(project, function))


def _make_async(draft: Draft, function: Function) -> None:
    """Make a function async, and await it where it is called. Raises `WithheldError` if it is more than called."""
    calls = list(callers(draft.project, function))
    awaitable = all(
        isinstance(where, Function) and where.is_async and isinstance(parent(call), ast.Expr) for where, call in calls
    )
    known = all(draft.project.value(call.func, where) is not None for where, call in calls)
    if (
        not calls
        or not awaitable
        or not known
        or function.node.decorator_list
        or _is_handed_over(draft.project, function)
    ):
        raise WithheldError(f"{function.qualname} may run in a thread of its own, which has to be given the event loop")
    draft.replace_start(function.module, function.node, "def", "async def")
    for where, call in calls:
        _await(draft, where if isinstance(where, Module) else where.module, call)


def _is_handed_over(project: Project, function: Function) -> bool:
    """Return whether something of a function's name is used without being called, as a callback or a target."""
    return any(
        last_name(node) == function.name and not (isinstance(around := parent(node), ast.Call) and around.func is node)
        for module in project.files.modules(function.name)
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.Name, ast.Attribute))
    )
