"""How an async function goes on waiting for a call without keeping the event loop."""

from __future__ import annotations

import ast

from troubleshoot.code.syntax.modules import Function
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import await_in_thread, awaited
from troubleshoot.patching.texts import WithheldError


def wait_on_the_side(draft: Draft, function: Function, call: ast.Call) -> None:
    """Put `asyncio.sleep` in the place of `time.sleep`, and any other call into the thread pool."""
    module = function.module
    if draft.project.path(call.func, function) == "time.sleep":
        given = ", ".join(draft.text(module, item) for item in call.args)
        draft.replace(module, call, awaited(call, f"{draft.name(module, 'asyncio.sleep')}({given})"))
    elif draft.project.path(call.func, function).startswith("sqlite3."):
        raise WithheldError("a connection of sqlite3 may be used in the thread that has made it only")
    else:
        await_in_thread(draft, module, call)
