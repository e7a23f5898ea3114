"""The lifespan runs, and a task that nobody waits for is awaited."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import argument, parent
from troubleshoot.patching.arguments import drop_argument
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Leave out `lifespan="off"`, or await the coroutine where it is started."""
    adapter, started, module = sighting.nodes.get("adapter"), sighting.nodes.get("started"), sighting.module
    if isinstance(adapter, ast.Call):
        mode = argument(adapter, 1, "lifespan")
        assert mode is not None
        if mode in adapter.args and len(adapter.args) > 2:
            draft.replace(module, mode, '"auto"')
        else:
            drop_argument(draft, module, adapter, mode)
    elif isinstance(started, ast.Call):
        statement = parent(started)
        if not isinstance(statement, ast.Expr) or sighting.function is None or not sighting.function.is_async:
            raise WithheldError("the task is used for more than to be started")
        if len(started.args) != 1 or not isinstance(started.args[0], ast.Call):
            raise WithheldError("what is started is made elsewhere")
        draft.replace(module, started, f"await {draft.source(module).flush(started.args[0])}")
    else:
        raise WithheldError("longer work belongs in a queue, which has to be set up first")
