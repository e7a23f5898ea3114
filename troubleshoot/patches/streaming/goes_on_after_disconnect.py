"""What follows the start of the tasks goes into `try`, and `finally` cancels them."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import is_within, parent
from troubleshoot.code.topics.tasks import started_tasks
from troubleshoot.patching.drafts import Draft, block_around
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Cancel each task that the same block starts under a name, however the generator ends."""
    function, module = sighting.function, sighting.module
    assignment = parent(sighting.node)
    if function is None or not isinstance(assignment, (ast.Assign, ast.AnnAssign)):
        raise WithheldError("the task is started as a part of something else")
    block = block_around(assignment, function.node)
    started = [parent(call) for call in started_tasks(draft.project, function)]
    mine = [item for item in block if item in started]
    names = [target.id for item in mine for target in _targets(item) if isinstance(target, ast.Name)]
    behind = block[block.index(mine[-1]) + 1 :]
    inside = [any(is_within(item, statement) for statement in behind) for item in function.body.yields]
    later = [item.lineno > mine[0].lineno for item in function.body.yields]
    if not any(inside) or inside != later:
        raise WithheldError("not all that is yielded once the tasks run stands behind them in one block")
    draft.deepen(module, behind, "try:", "\n    ".join(["finally:", *(f"{name}.cancel()" for name in names)]))


def _targets(assignment: ast.stmt) -> list[ast.expr]:
    if isinstance(assignment, ast.AnnAssign):
        return [assignment.target]
    return assignment.targets if isinstance(assignment, ast.Assign) else []
