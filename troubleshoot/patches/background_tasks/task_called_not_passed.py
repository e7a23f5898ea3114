"""The function and its arguments side by side: `add_task(f, x)` for `add_task(f(x))`."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.modules import Function
from troubleshoot.code.syntax.nodes import parent, statement_of
from troubleshoot.patching.arguments import replace_argument
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Write the call that is made too early as a function and what it is to be called with."""
    function, call = sighting.function, sighting.node
    given, made = sighting.nodes.get("given"), sighting.nodes.get("made")
    assert function is not None
    assert isinstance(call, ast.Call)
    assert isinstance(given, ast.expr)
    assert isinstance(made, ast.Call)
    module = function.module
    around: ast.expr | ast.keyword = given
    if any(item.value is given for item in call.keywords):
        around = next(item for item in call.keywords if item.value is given)
        if call.args or call.keywords[0] is not around:
            raise WithheldError("the task is given by name, behind other arguments")
    elif len(call.args) + len(call.keywords) > 1:
        raise WithheldError("add_task has arguments besides what the call gives")
    if any(item.arg in ("func", None) for item in made.keywords):
        raise WithheldError("an argument of the task has a name that add_task needs, or none")
    if isinstance(given, ast.Lambda):
        values = [*made.args, *(item.value for item in made.keywords)]
        if given.args.args or not all(isinstance(item, (ast.Name, ast.Constant)) for item in values):
            raise WithheldError("the lambda works its arguments out later")
    if isinstance(given, ast.Name):
        _take_up(draft, function, call, given, made)
    if draft.source(module).is_commented(made):
        raise WithheldError("comments stand among the arguments")
    arguments: list[ast.expr | ast.keyword] = [*made.args, *made.keywords]
    arguments.sort(key=lambda item: (item.lineno, item.col_offset))
    replace_argument(draft, module, call, around, *[draft.text(module, part) for part in (made.func, *arguments)])


def _take_up(draft: Draft, function: Function, call: ast.Call, name: ast.Name, made: ast.Call) -> None:
    """Take out the variable that holds the result, if it stands right before and serves for nothing else."""
    assignment, statement = parent(made), statement_of(call)
    assert statement is not None
    uses = [item for item in ast.walk(function.node) if isinstance(item, ast.Name) and item.id == name.id]
    if not isinstance(assignment, ast.Assign) or len(assignment.targets) > 1 or len(uses) > 2:
        raise WithheldError(f"{name.id} is used elsewhere, too")
    block = block_around(statement, function.node)
    index = block.index(statement)
    if not index or block[index - 1] is not assignment or draft.source(function.module).is_commented(assignment):
        raise WithheldError(f"{name.id} is not assigned right before the task is added")
    draft.delete(function.module, assignment)
