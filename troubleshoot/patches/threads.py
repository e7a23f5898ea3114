"""Calls that block the event loop, and how they come off it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from troubleshoot.code.project import Project
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.model import Role
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import await_blocking, await_in_thread, make_sync, needs_async
from troubleshoot.patching.texts import WithheldError

OF_THE_LOOP = frozenset(("create_task", "ensure_future", "get_event_loop", "get_running_loop"))
RUN_BY_FASTAPI: tuple[Role, ...] = ("path operation", "dependency")


def unblock(sighting: Sighting, draft: Draft) -> None:
    """Move a call off the event loop."""
    function, call = sighting.function, sighting.node
    if function is None or not isinstance(call, ast.Call):
        raise WithheldError("the call stands in no function")
    if not function.is_async or draft.project.path(call.func, function) == "time.sleep":
        await_blocking(draft, function, call)
    else:
        move_off_the_loop(draft, function, call)


def move_off_the_loop(draft: Draft, function: Function, call: ast.Call) -> None:
    """Make the function that FastAPI calls a plain one if it can be, else wait for the call in a thread."""
    if not function.is_async:
        raise WithheldError(f"{function.qualname} is a plain function, and who calls it would have to change")
    if draft.project.path(call.func, function).startswith("sqlite3.") and not _makes_its_own(draft.project, function):
        raise WithheldError("a connection of sqlite3 may be used in the thread that has made it only")
    belongs_to_loop = needs_async(function) or any(_needs_loop(draft.project, function))
    if _is_called_by_fastapi(draft.project, function) and not belongs_to_loop:
        make_sync(draft, function)
    else:
        await_in_thread(draft, function.module, call)


def _is_called_by_fastapi(project: Project, function: Function) -> bool:
    """Return whether FastAPI itself calls a function, and a plain one in a thread: an endpoint, or a task."""
    return function in project.called_as(*RUN_BY_FASTAPI) or any(task.function is function for task in project.tasks)


def _needs_loop(project: Project, function: Function) -> Iterator[ast.Call]:
    """Yield the calls that work on the event loop alone, or that set what only the task of the request sees."""
    for call in function.body.calls:
        if last_name(call.func) in OF_THE_LOOP or project.path(call.func, function) == "contextvars.ContextVar().set":
            yield call


def _makes_its_own(project: Project, function: Function) -> bool:
    """Return whether a function of sqlite3's connections makes one, and runs in one thread from then on."""
    made = any(project.path(call.func, function) == "sqlite3.connect" for call in function.body.calls)
    return made and not needs_async(function) and not function.is_generator
