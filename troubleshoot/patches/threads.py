"""Calls that block the event loop, moved to where they may wait."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import await_in_thread, awaited, make_sync, needs_async
from troubleshoot.patching.texts import WithheldError


def unblock(sighting: Sighting, draft: Draft, *, is_called_by_fastapi: bool) -> None:
    """Make the function that FastAPI calls a plain one if it can be, else wait for the call in a thread."""
    function, call = sighting.function, sighting.node
    if function is None or not isinstance(call, ast.Call):
        raise WithheldError("the call stands in no function")
    project = draft.project
    if project.path(call.func, function) == "time.sleep":
        given = ", ".join(draft.text(sighting.module, item) for item in call.args)
        draft.replace(sighting.module, call, awaited(call, f"{draft.name(sighting.module, 'asyncio.sleep')}({given})"))
    elif is_called_by_fastapi and not needs_async(function):
        make_sync(draft, function)
    else:
        await_in_thread(draft, sighting.module, call)
