"""The process is started by spawn, if it can be."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function, Module
from troubleshoot.code.syntax.nodes import argument, keyword
from troubleshoot.patching.arguments import add_arguments
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

SHARED = ("Array", "Barrier", "Condition", "Event", "JoinableQueue", "Lock", "Pipe", "Queue", "RLock", "Semaphore")
"""What belongs to one way of starting processes: with spawn, it has to be made by that context."""


def patch(sighting: Sighting, draft: Draft) -> None:
    """Name the method: in the context that is there, as an argument of the pool, or in one made at the place."""
    call, method, module = sighting.nodes["start"], sighting.nodes.get("method"), sighting.module
    function = sighting.function
    assert isinstance(call, ast.Call)
    assert function is not None
    _must_be_importable(draft, call, function)
    shared = [item for item in _paths(draft, module) if item in SHARED]
    if shared:
        raise WithheldError(f"{shared[0]} of this file belongs to the other way of starting processes")
    path = draft.project.path(call.func, function)
    if method is not None:
        draft.replace(module, method, '"spawn"')
    elif path.startswith("concurrent."):
        context = draft.name(module, "multiprocessing.get_context")
        add_arguments(draft, module, call, [f'mp_context={context}("spawn")'])
    elif path == "os.fork" or path.startswith("multiprocessing.pool."):
        raise WithheldError("there is no call with another method that does the same")
    else:
        name = path.rpartition(".")[2]
        context = draft.name(module, "multiprocessing.get_context")
        draft.replace(module, call.func, f'{context}("spawn").{name}')


def _must_be_importable(draft: Draft, call: ast.Call, function: Function) -> None:
    """Raise `WithheldError` if the new process could not find the function that it is to run."""
    for target in (argument(call, 1, "target"), keyword(call, "initializer")):
        if target is not None:
            value = draft.project.value(target, function)
            if not isinstance(value, Function) or value.owner is not None or value.outer is not None:
                raise WithheldError(f"nobody knows whether a new process can import {ast.unparse(target)}")


def _paths(draft: Draft, module: Module) -> list[str]:
    """Return the names of what the file makes of multiprocessing."""
    places: list[Function | Module] = [module, *module.all_functions]
    paths = [draft.project.path(call.func, where) for where in places for call in where.body.calls]
    return [path.rpartition(".")[2] for path in paths if path.startswith("multiprocessing.")]
