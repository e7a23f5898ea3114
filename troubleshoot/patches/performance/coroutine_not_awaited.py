"""`await` in front of the call; a short `def` endpoint that returns a coroutine becomes `async def`."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import parent
from troubleshoot.patching.awaits import await_here
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.functions import make_async
from troubleshoot.patching.texts import WithheldError


def patch(sighting: Sighting, draft: Draft) -> None:
    """Await the coroutine where it is made."""
    function, call = sighting.function, sighting.node
    if function is None or not isinstance(call, ast.Call):
        raise WithheldError("the call stands in no function")
    if not function.is_async:
        if not isinstance(parent(call), ast.Return) or len(function.body.calls) > 1:
            raise WithheldError(f"{function.qualname} is a plain function that does more, or that others call")
        make_async(draft, function)
    await_here(draft, function.module, call)
