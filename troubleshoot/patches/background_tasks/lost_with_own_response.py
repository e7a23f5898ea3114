"""Every task goes into the list that FastAPI injects, which FastAPI itself gives to the response."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import keyword, parent, statement_of
from troubleshoot.code.topics.callers import callers
from troubleshoot.patching.arguments import drop_argument
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.room import unused_name
from troubleshoot.patching.signatures import add_parameters
from troubleshoot.patching.texts import WithheldError

TASKS = "fastapi.BackgroundTasks"
ONE = "starlette.background.BackgroundTask"
NAMES = ("background_tasks", "tasks")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Let FastAPI fill the list that is made by hand, or add to it what the response carries itself."""
    function, call = sighting.function, sighting.node
    assert function is not None
    assert isinstance(call, ast.Call)
    background = keyword(call, "background")
    if background is None:
        _inject(draft, function, call)
        return
    one = background
    if not isinstance(one, ast.Call) or draft.project.path(one.func, function) != ONE or not one.args:
        raise WithheldError("the response carries more than one task that is made on the spot")
    statement = statement_of(call)
    source = draft.source(function.module)
    if statement is None or source.is_commented(one) or one.lineno != one.end_lineno:
        raise WithheldError("the task of the response is laid out in a way of its own")
    tasks = next((item.name for item in function.params if _is_tasks(draft, function, item.name)), "")
    if not tasks:
        _must_be_ours(draft, function)
        tasks = unused_name(function.node, *NAMES)
        add_parameters(draft, function, [f"{tasks}: {draft.name(function.module, TASKS)}"], required=True)
    _, behind = source.span(one.func)
    draft.before(function.module, statement, f"{tasks}.add_task{source.text[behind : source.span(one)[1]]}")
    own = next(item for item in call.keywords if item.value is background)
    drop_argument(draft, function.module, call, own)


def _inject(draft: Draft, function: Function, made: ast.Call) -> None:
    """Turn the variable that holds a list into a parameter that FastAPI fills."""
    assignment = parent(made)
    if not isinstance(assignment, ast.Assign) or not isinstance(assignment.targets[0], ast.Name):
        raise WithheldError("the list has no name of its own")
    if function not in set(draft.project.called_as("path operation", "dependency")):
        raise WithheldError(f"FastAPI does not call {function.qualname}, so it cannot inject anything there")
    _must_be_ours(draft, function)
    name = assignment.targets[0].id
    if draft.source(function.module).is_commented(assignment) or assignment not in function.node.body:
        raise WithheldError(f"{name} is not simply made")
    add_parameters(draft, function, [f"{name}: {draft.text(function.module, made.func)}"], required=True)
    draft.delete(function.module, assignment)


def _must_be_ours(draft: Draft, function: Function) -> None:
    """Raise `WithheldError` if somebody other than FastAPI calls a function, who would have to give more."""
    if any(callers(draft.project, function)):
        raise WithheldError(f"{function.qualname} is called elsewhere, too")


def _is_tasks(draft: Draft, function: Function, name: str) -> bool:
    param = next(item for item in function.params if item.name == name)
    return draft.project.inference.parameter(param, function) == f"{TASKS}()"
