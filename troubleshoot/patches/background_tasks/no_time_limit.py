"""A timeout for a call that has none, `asyncio.wait_for` around an await that may never end."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.code.syntax.nodes import parent
from troubleshoot.patching.arguments import add_arguments
from troubleshoot.patching.drafts import Draft
from troubleshoot.patching.texts import WithheldError

SECONDS = "60"


def patch(sighting: Sighting, draft: Draft) -> None:
    """Give the call a timeout, in the way in which what is called takes one."""
    function, module, call = sighting.function, sighting.module, sighting.node
    if function is None or not isinstance(call, ast.Call):
        raise WithheldError("the call stands in no function")
    path = draft.project.path(call.func, function)
    limit = next((item for item in call.keywords if item.arg == "timeout"), None)
    if path.startswith("aiohttp."):
        raise WithheldError("aiohttp wants a ClientTimeout, which has several limits to choose")
    if limit is not None:
        draft.replace(module, limit.value, SECONDS)
    elif path.startswith("asyncio."):
        if not isinstance(parent(call), ast.Await):
            raise WithheldError("the call is not awaited where it stands")
        draft.around(module, call, f"{draft.name(module, 'asyncio.wait_for')}(", f", timeout={SECONDS})")
    elif any(item.arg is None for item in call.keywords):
        raise WithheldError("the call may be given a timeout by **")
    elif path.startswith("requests."):
        add_arguments(draft, module, call, [f"timeout={SECONDS}"])
    else:
        raise WithheldError(f"a timeout of {ast.unparse(call.func)} ends in a value, or an error of its own")
