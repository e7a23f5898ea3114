"""Calls that block the event loop, and how they come off it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.code.topics.callers import callers
from troubleshoot.model import Role
from troubleshoot.patching.awaits import await_in_thread, awaited
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import make_sync, needs_async
from troubleshoot.patching.texts import WithheldError

OF_THE_LOOP = frozenset(("create_task", "ensure_future", "get_event_loop", "get_running_loop"))
OUTSIDE = "the call stands in no function"
RUN_BY_FASTAPI: tuple[Role, ...] = ("path operation", "dependency")


def unblock(draft: Draft, function: Function | None, call: ast.AST) -> None:
    """Make the function that FastAPI calls a plain one if it can be, else let it wait without keeping the loop."""
    if function is None or not isinstance(call, ast.Call):
        raise WithheldError(OUTSIDE)
    if _can_be_plain(draft.project, function) and not _sleeps(draft.project, function, call):
        _must_stay_usable(draft.project, function, call)
        make_sync(draft, function)
    else:
        wait_aside(draft, function, call)


def wait_aside(draft: Draft, function: Function | None, call: ast.AST) -> None:
    """Wait for a call without keeping the event loop: `asyncio.sleep` for `time.sleep`, else in a thread.

    What a plain function calls waits in the thread in which the one asynchronous caller then runs that function.
    """
    if function is None or not isinstance(call, ast.Call):
        raise WithheldError(OUTSIDE)
    module = function.module
    _must_stay_usable(draft.project, function, call)
    if not function.is_async:
        calls = list(callers(draft.project, function))
        where, outer = calls[0] if len(calls) == 1 else (None, None)
        if outer is None or not isinstance(where, Function) or not where.is_async:
            raise WithheldError(f"{function.qualname} is a plain function, so whoever calls it has to use a thread")
        await_in_thread(draft, where.module, outer)
    elif _sleeps(draft.project, function, call):
        given = ", ".join(draft.text(module, item) for item in call.args)
        draft.replace(module, call, awaited(call, f"{draft.name(module, 'asyncio.sleep')}({given})"))
    else:
        await_in_thread(draft, module, call)


def _sleeps(project: Project, function: Function, call: ast.Call) -> bool:
    return project.path(call.func, function) == "time.sleep"


def _can_be_plain(project: Project, function: Function) -> bool:
    """Return whether FastAPI itself calls a function, and would call a plain one in a thread, and it may be one."""
    is_task = any(task.function is function for task in project.tasks)
    is_called = is_task or function in project.called_as(*RUN_BY_FASTAPI)
    return function.is_async and is_called and not needs_async(function) and not any(_needs_loop(project, function))


def _needs_loop(project: Project, function: Function) -> Iterator[ast.Call]:
    """Yield the calls that work on the event loop alone, or that set what only the task of the request sees."""
    for call in function.body.calls:
        if last_name(call.func) in OF_THE_LOOP or project.path(call.func, function) == "contextvars.ContextVar().set":
            yield call


def _must_stay_usable(project: Project, function: Function, call: ast.Call) -> None:
    """Raise `WithheldError` for a connection of sqlite3 that another thread than its own would use."""
    if project.path(call.func, function).startswith("sqlite3."):
        made = any(project.path(item.func, function) == "sqlite3.connect" for item in function.body.calls)
        if not made or needs_async(function) or function.is_generator:
            raise WithheldError("a connection of sqlite3 may be used in the thread that has made it only")
