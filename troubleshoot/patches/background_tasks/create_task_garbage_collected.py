"""A set of the module keeps each task until it is done."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Module
from troubleshoot.code.syntax.nodes import is_name, parent, statement_of
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.room import above_definitions, free_name, unused_name
from troubleshoot.patching.texts import WithheldError

SET_NAMES = ("running_tasks", "kept_tasks")
TASK_NAMES = ("task", "started")


def patch(sighting: Sighting, draft: Draft) -> None:
    """Name the task if it has no name, add it to the set, and let it leave the set when it is done."""
    function, call, module = sighting.function, sighting.node, sighting.module
    statement = statement_of(call)
    if function is None or not isinstance(statement, (ast.Expr, ast.Assign)):
        raise WithheldError("the task is not started by a statement of its own")
    source = draft.source(module)
    source.must_be_alone(statement)
    kept = _set_of(draft, module)
    if isinstance(statement, ast.Assign):
        name = draft.text(module, statement.targets[0])
        draft.after(module, statement, f"{kept}.add({name})\n{name}.add_done_callback({kept}.discard)")
        return
    name = unused_name(function.node, *TASK_NAMES)
    lines = f"{kept}.add({name})\n{name}.add_done_callback({kept}.discard)"
    if statement.value is call:
        draft.around(module, call, f"{name} = ")
        draft.after(module, statement, lines)
        return
    (start, end), (first, _) = source.span(call), source.span(statement)
    around = parent(parent(call) or call)
    if start != first or around is not statement.value or source.text[end] != ".":
        raise WithheldError("what is done with the task is written in a way of its own")
    indent = source.indent(statement)
    more = source.newline.join(f"{indent}{line}" for line in lines.split("\n"))
    draft.around(module, call, f"{name} = ", f"{source.newline}{more}{source.newline}{indent}{name}")


def _set_of(draft: Draft, module: Module) -> str:
    """Return the name of the set of a module, which is made if it has none yet."""
    for name in SET_NAMES:
        made = module.body.assigned.get(name, [])
        if len(made) == 1 and isinstance(made[0], ast.Call) and is_name(made[0].func, "set") and not made[0].args:
            return name
    name = free_name(module, *SET_NAMES)
    above_definitions(draft, module, f"{name}: set[{draft.name(module, 'asyncio.Task')}] = set()")
    return name
