"""A lifespan yields at its end; what it waited for without an end runs as a task."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import last_name, statement_of
from troubleshoot.patches.lifespans import at_stop
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Add the `yield` that is missing, or start the endless work and stop it behind the `yield`."""
    function, module = sighting.function, sighting.module
    assert function is not None
    endless = sighting.nodes.get("endless")
    if isinstance(endless, ast.Await) and isinstance(endless.value, ast.Call):
        task = f"{last_name(endless.value.func)}_task"
        if task in function.body.assigned or not isinstance(statement_of(endless), ast.Expr):
            raise WithheldError(f"what {task} should be called is for its author to say")
        started = f"{draft.name(module, 'asyncio.create_task')}({draft.text(module, endless.value)})"
        draft.replace(module, endless, f"{task} = {started}")
        wait = draft.name(module, "asyncio.wait")
        at_stop(draft, function, f"{task}.cancel()\nawait {wait}([{task}])")
    elif function.body.yields:
        raise WithheldError("only its author knows at which of them the application is to run")
    else:
        draft.last(module, function.node.body, "yield")
