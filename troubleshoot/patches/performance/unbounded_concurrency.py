"""A semaphore of the module lets only a few of the calls run at the same time."""

from __future__ import annotations

import ast

from troubleshoot.code.application.reach import function_of
from troubleshoot.code.inference.implementations import is_stub
from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import last_name
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import body_of
from troubleshoot.patching.room import above_definitions, free_name
from troubleshoot.patching.texts import WithheldError

NAMES = ("slots", "limit")
SLOTS = "10"


def patch(sighting: Sighting, draft: Draft) -> None:
    """Put the body of the function that is called so often into `async with` a semaphore."""
    function, elements = sighting.function, sighting.nodes.get("elements")
    assert function is not None
    made = getattr(elements, "elt", None)
    if not isinstance(made, ast.Call):
        raise WithheldError("the calls are not made where they are gathered")
    project = draft.project
    called = function_of(project.value(made.func, function), project.inference)
    if called is None or not called.is_async or called.is_generator:
        raise WithheldError(f"{ast.unparse(made.func)} is no async function of the project")
    if is_stub(called):
        raise WithheldError(f"{called.qualname} does nothing itself: the classes that derive from its own do")
    if called.module is not function.module:
        raise WithheldError(f"{called.qualname} stands in another file, where others may call it")
    if _may_come_back(called):
        raise WithheldError(
            f"{called.qualname} gathers calls itself, and one that holds a slot must not wait for another"
        )
    name = free_name(called.module, *NAMES)
    above_definitions(draft, called.module, f"{name} = {draft.name(called.module, 'asyncio.Semaphore')}({SLOTS})")
    body = body_of(called)
    draft.deepen(called.module, body, f"async with {name}:")


def _may_come_back(called: Function) -> bool:
    """Return whether a function calls itself, or waits for many calls of its own."""
    return any(last_name(call.func) in ("gather", called.name) for call in called.body.calls)
